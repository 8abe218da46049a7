// Finds, starts, stops and restarts the server; one at a time, for the whole window.
import { commands, window, type LogOutputChannel } from "vscode";
import {
  DidChangeConfigurationNotification,
  LanguageClient,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";
import { FOLLOWED } from "./documents";
import { activePython } from "./environment";
import { findServer, OLDEST_PYTHON, type Server } from "./finder";
import type { Machine } from "./machine";
import { PAGE } from "./pages";
import { SHOW_REPORT } from "./report";
import { forServer, readWishes, SECTION } from "./settings";
import type { Status } from "./status";

// Tells the palette whether the server's own commands are there.
const RUNNING = "tightship.running";

export class Supervisor {
  readonly #bundled: string;
  readonly #machine: Machine;
  readonly #log: LogOutputChannel;
  readonly #status: Status;
  #client: LanguageClient | undefined;
  #server: Server | undefined;
  #wanted = false;
  #toldOfPython = false;
  #work: Promise<void> = Promise.resolve();

  constructor(bundled: string, machine: Machine, log: LogOutputChannel, status: Status) {
    this.#bundled = bundled;
    this.#machine = machine;
    this.#log = log;
    this.#status = status;
  }

  /** Starts the server, unless it was started before. */
  start(): Promise<void> {
    if (this.#wanted) return this.#work;
    return this.restart();
  }

  /** Looks for a server anew, and starts that. */
  restart(): Promise<void> {
    this.#wanted = true;
    return this.#afterwards(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** Does what `restart` does if a server was ever asked for. */
  async reconsider(): Promise<void> {
    if (this.#wanted) await this.restart();
  }

  stop(): Promise<void> {
    this.#wanted = false;
    return this.#afterwards(() => this.#stop());
  }

  /** Tells the server of the settings, which may depend on what else is installed. */
  async tellSettings(): Promise<void> {
    if (this.#client?.state !== State.Running) return;
    await this.#client.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { [SECTION]: forServer() },
    });
  }

  /** Asks the same Tightship that serves for what one of its other commands prints. */
  async ask(...args: string[]): Promise<string | undefined> {
    await this.start();
    if (this.#server === undefined) return undefined;
    return this.#machine.ask(this.#server.command, [...this.#server.args, ...args]);
  }

  /** Starting and stopping take turns, in the order in which they were asked for. */
  #afterwards(task: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(task).catch((error: unknown) => {
      this.#log.error(error instanceof Error ? error : String(error));
      this.#status.failed("The server did not start: see the log");
    });
    return this.#work;
  }

  async #start(): Promise<void> {
    this.#status.starting();
    const wishes = { ...readWishes(), bundled: this.#bundled, activePython };
    const { server, passedOver } = await findServer(wishes, this.#machine);
    for (const reason of passedOver) this.#log.info(`passed over: ${reason}`);
    this.#server = server;
    if (server === undefined) {
      this.#missPython();
      return;
    }
    this.#toldOfPython = false;
    this.#log.info(`${server.version} from ${server.origin}: ${commandLine(server)}`);
    if (forServer()["buildKitChecks"] === "off") this.#log.info("leaves out BuildKit's checks");
    this.#client = this.#clientFor(server);
    this.#client.onDidChangeState(({ newState }) => {
      void commands.executeCommand("setContext", RUNNING, newState === State.Running);
      if (newState === State.Running) this.#status.running(server);
      else if (newState === State.Starting) this.#status.starting();
      else this.#status.failed("The server has stopped: see the log");
    });
    await this.#client.start();
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#server = undefined;
    await client?.dispose();
  }

  #clientFor(server: Server): LanguageClient {
    const run = {
      command: server.command,
      args: [...server.args, "lsp"],
      options: { cwd: this.#bundled },
    };
    return new LanguageClient(SECTION, "Tightship", run, {
      documentSelector: FOLLOWED,
      outputChannel: this.#log,
      traceOutputChannel: this.#log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      // So that what is ignored does not even appear until the first change is told.
      initializationOptions: {
        [SECTION]: {
          ...forServer(),
          rulePages: PAGE,
          reportCommand: SHOW_REPORT,
          // VS Code says above each hover what is found there.
          findingsInHovers: false,
        },
      },
      synchronize: { configurationSection: SECTION },
      middleware: {
        workspace: {
          configuration: (asked) => asked.items.map(() => forServer()),
          didChangeConfiguration: () => this.tellSettings(),
        },
      },
      diagnosticCollectionName: "tightship",
    });
  }

  #missPython(): void {
    const oldest = OLDEST_PYTHON.join(".");
    const what = `Tightship needs Python ${oldest} or newer, and found none.`;
    this.#log.error(what);
    this.#status.failed(`no Python ${oldest} or newer was found`);
    if (this.#toldOfPython) return;
    this.#toldOfPython = true;
    const choose = "Choose Python";
    const show = "Show Log";
    // Nothing waits for the answer, which may never come.
    void window
      .showErrorMessage(`${what} Install it, or say where it is.`, choose, show)
      .then((answer) => {
        if (answer === show) this.#log.show(true);
        if (answer === choose) {
          void commands.executeCommand(
            "workbench.action.openSettings",
            "tightship.interpreter",
          );
        }
      });
  }
}

function commandLine(server: Server): string {
  return [server.command, ...server.args, "lsp"].map((word) => JSON.stringify(word)).join(" ");
}
