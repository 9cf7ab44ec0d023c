/** Starts `tracker lsp` for workspaces of customer records, and stays out of its way. */

import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";
import { serverCommand } from "./server";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("tracker", { log: true });
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand("tracker.restart", () => restart(log)),
    vscode.commands.registerCommand("tracker.showLog", () => log.show()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("tracker.command")) {
        await restart(log);
      }
    }),
  );
  await start(log);
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function restart(log: vscode.LogOutputChannel): Promise<void> {
  await stop();
  await start(log);
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running && running.state !== State.Stopped) {
    await running.stop();
  }
}

async function start(log: vscode.LogOutputChannel): Promise<void> {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => folder.uri.fsPath);
  const configured = vscode.workspace.getConfiguration("tracker").get<string[]>("command", []);
  const { program, args } = serverCommand(configured, folders, process.platform, existsSync);
  const environment = { ...process.env, PYTHONUTF8: "1" };
  client = new LanguageClient(
    "tracker",
    "tracker",
    { command: program, args: [...args], options: { env: environment } },
    {
      documentSelector: [
        { scheme: "file", language: "markdown" },
        { scheme: "file", pattern: "**/tracker.yaml" },
      ],
      outputChannel: log,
    },
  );
  try {
    await client.start();
  } catch (error) {
    log.error(String(error));
    client = undefined;
    await explain(program, log);
  }
}

/** Say that the program does not run, and how to mend that. */
async function explain(program: string, log: vscode.LogOutputChannel): Promise<void> {
  const choose = vscode.l10n.t("Choose the program");
  const show = vscode.l10n.t("Show the log");
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t(
      '{0} does not run as a server for this editor: pip install "tracker-records[lsp]"',
      program,
    ),
    choose,
    show,
  );
  if (chosen === choose) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "tracker.command");
  } else if (chosen === show) {
    log.show();
  }
}
