/** Which program serves the editor. */

import * as path from "node:path";

/** A program and what it is called with. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Where a virtual environment in the workspace keeps its programs. */
const ENVIRONMENTS = [".venv", "venv"];

/**
 * Return the program to start.
 *
 * @param configured The setting `tracker.command`; empty where nobody has set it.
 * @param folders The folders that are open, as the file system names them.
 * @param platform As in `process.platform`.
 * @param exists Whether there is a file of this name.
 */
export function serverCommand(
  configured: readonly string[],
  folders: readonly string[],
  platform: NodeJS.Platform,
  exists: (file: string) => boolean,
): ServerCommand {
  const [program, ...args] = configured;
  if (program) {
    return { program, args: args.length ? args : ["lsp"] };
  }
  const paths = platform === "win32" ? path.win32 : path.posix;
  const place = platform === "win32" ? ["Scripts", "tracker.exe"] : ["bin", "tracker"];
  for (const folder of folders) {
    for (const environment of ENVIRONMENTS) {
      const file = paths.join(folder, environment, ...place);
      if (exists(file)) {
        return { program: file, args: ["lsp"] };
      }
    }
  }
  return { program: "tracker", args: ["lsp"] };
}
