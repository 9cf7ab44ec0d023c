/** Which program is started, on both kinds of systems. */

const assert = require("node:assert/strict");
const test = require("node:test");
const { serverCommand } = require("../dist/server.js");

const nothing = () => false;

test("what is set is taken, and serves unless it says otherwise", () => {
  assert.deepEqual(serverCommand(["py", "-m", "tracker", "lsp"], [], "win32", nothing), {
    program: "py",
    args: ["-m", "tracker", "lsp"],
  });
  assert.deepEqual(serverCommand(["/opt/tracker"], [], "linux", nothing), {
    program: "/opt/tracker",
    args: ["lsp"],
  });
});

test("a virtual environment of the workspace comes before the PATH", () => {
  const unix = "/team/.venv/bin/tracker";
  assert.deepEqual(
    serverCommand([], ["/other", "/team"], "linux", (file) => file === unix),
    { program: unix, args: ["lsp"] },
  );
  const windows = "C:\\team\\venv\\Scripts\\tracker.exe";
  assert.deepEqual(
    serverCommand([], ["C:\\team"], "win32", (file) => file === windows),
    { program: windows, args: ["lsp"] },
  );
});

test("else it is looked for on the PATH", () => {
  assert.deepEqual(serverCommand([], ["/team"], "darwin", nothing), {
    program: "tracker",
    args: ["lsp"],
  });
});
