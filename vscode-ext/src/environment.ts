// The active Python environment, from whichever of two other extensions is there. Most
// people who write Dockerfiles have neither, and nothing depends on them.
import { extensions, workspace, type Disposable, type Event, type Uri } from "vscode";

/** What is used of ms-python.vscode-python-envs. */
interface EnvironmentsApi {
  getEnvironment(
    scope: Uri | undefined,
  ): Promise<{ execInfo?: { run?: { executable?: string } } } | undefined>;
  onDidChangeEnvironment?: Event<unknown>;
}

/** What is used of ms-python.python. */
interface PythonApi {
  environments: {
    getActiveEnvironmentPath(resource?: Uri): { path: string };
    resolveEnvironment(path: {
      path: string;
    }): Promise<{ executable: { uri?: Uri | undefined } } | undefined>;
    onDidChangeActiveEnvironmentPath?: Event<unknown>;
  };
}

// Another extension that hangs must not keep the server from starting.
const PATIENCE = 10_000;

/** Asks for the interpreter of the active environment. */
export async function activePython(): Promise<string | undefined> {
  return (
    (await inTime(async () => {
      const api = await activated<EnvironmentsApi>("ms-python.vscode-python-envs");
      const found = await api?.getEnvironment(firstFolder());
      return found?.execInfo?.run?.executable;
    })) ??
    (await inTime(async () => {
      const api = await activated<PythonApi>("ms-python.python");
      if (api === undefined) return undefined;
      const path = api.environments.getActiveEnvironmentPath(firstFolder());
      return (await api.environments.resolveEnvironment(path))?.executable.uri?.fsPath;
    }))
  );
}

/** Calls back when another environment becomes the active one. */
export async function onChange(callback: () => void): Promise<Disposable[]> {
  const events = await Promise.all([
    inTime(
      async () =>
        (await activated<EnvironmentsApi>("ms-python.vscode-python-envs"))
          ?.onDidChangeEnvironment,
    ),
    inTime(
      async () =>
        (await activated<PythonApi>("ms-python.python"))?.environments
          .onDidChangeActiveEnvironmentPath,
    ),
  ]);
  return events.flatMap((event) => (event === undefined ? [] : [event(callback)]));
}

function firstFolder(): Uri | undefined {
  return workspace.workspaceFolders?.[0]?.uri;
}

async function activated<Api>(id: string): Promise<Api | undefined> {
  return extensions.getExtension<Api>(id)?.activate();
}

/** Returns nothing for a question that fails, as other people's interfaces may change. */
async function inTime<T>(question: () => Promise<T | undefined>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  try {
    return await Promise.race([question(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
