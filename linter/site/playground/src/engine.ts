// Checks texts in a worker, the newest first; a check that does not end costs the worker.
import type { Answer, Request } from "./messages";
import type { Fixed, Result } from "./result";

/** How long a check may take; one of a thousand lines takes about a second. */
const PATIENCE = 30_000;

export interface Listener {
  progress(step: string): void;
  ready(version: string): void;
  checked(id: number, result: Result): void;
  fixed(id: number, fixed: Fixed): void;
  failed(id: number, error: string): void;
  /** The engine cannot start; a reload may help. */
  broken(error: string): void;
}

export class Engine {
  #worker: Worker;
  #running: Request | undefined;
  #waiting: Request | undefined;
  #alarm: ReturnType<typeof setTimeout> | undefined;
  #isReady = false;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
  ) {
    this.#worker = this.#start();
  }

  /** Check or fix texts when the worker is free; a request that still waits is dropped. */
  ask(request: Request): void {
    this.#waiting = request;
    this.#next();
  }

  #start(): Worker {
    const worker = new Worker(this.url, { type: "module", name: "tightship" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#break(event.message || "the worker does not load");
    };
    return worker;
  }

  #next(): void {
    if (this.#running || !this.#waiting) return;
    this.#running = this.#waiting;
    this.#waiting = undefined;
    this.#worker.postMessage(this.#running);
    if (this.#isReady) this.#setAlarm();
  }

  #take(answer: Answer): void {
    switch (answer.kind) {
      case "progress":
        this.listener.progress(answer.step);
        return;
      case "ready":
        this.#isReady = true;
        if (this.#running) this.#setAlarm();
        this.listener.ready(answer.version);
        return;
      case "broken":
        this.#break(answer.error);
        return;
      case "checked":
        this.#end();
        this.listener.checked(answer.id, answer.result);
        break;
      case "fixed":
        this.#end();
        this.listener.fixed(answer.id, answer.fixed);
        break;
      case "failed":
        this.#end();
        this.listener.failed(answer.id, answer.error);
        break;
    }
    this.#next();
  }

  #setAlarm(): void {
    this.#alarm = setTimeout(() => this.#restart(), PATIENCE);
  }

  #end(): void {
    clearTimeout(this.#alarm);
    this.#running = undefined;
  }

  #restart(): void {
    const late = this.#running;
    this.#end();
    this.#worker.terminate();
    this.#isReady = false;
    this.#worker = this.#start();
    if (late) this.listener.failed(late.id, "The check took too long and was stopped.");
    this.#next();
  }

  #break(error: string): void {
    this.#end();
    this.#worker.terminate();
    this.listener.broken(error);
  }
}
