// Browsers start no worker from a file on the disk. There, the search runs in a frame.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    #waiting = []
    #window

    constructor(address) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.body.append(frame)
      const inner = frame.contentWindow
      inner.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }))
      const script = inner.document.createElement("script")
      script.src = address
      script.onload = () => {
        this.#window = inner
        this.#waiting.splice(0).forEach((data) => this.postMessage(data))
      }
      inner.document.body.append(script)
    }

    postMessage(data) {
      if (this.#window) this.#window.dispatchEvent(new MessageEvent("message", { data }))
      else this.#waiting.push(data)
    }
  }
}
