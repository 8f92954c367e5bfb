// The one entry behind every npm script: `npm start`, `npm test`, `npm run check` and so on.
//
// A fresh clone needs nothing but some Node with npm. This file fetches pnpm, and a Node of its own where the machine's
// is too old, into .toolchain; installs the dependencies when the lockfile changed; and then runs the task. Once all is
// in place nothing here touches the network. Core modules and old syntax only: it must parse on Node 18.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FETCHED_NODE = "24.21.0";
/** What `npm start` shows; extra arguments are appended. */
const DEMO = ["run", "squeezenet1_1", "--budget", "64KiB"];

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const toolchain = join(root, ".toolchain");
const windows = process.platform === "win32";
const cliMain = join(root, "apps", "cli", "dist", "main.js");
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
let node = process.execPath;

const say = (text) => process.stderr.write(`leanconv: ${text}\n`);
const fail = (text, code = 1) => {
  say(text);
  process.exit(code);
};

/** Runs a command; with `quiet`, its output appears only if it fails. */
function run(command, args, { quiet = false, cwd = root, shell = false } = {}) {
  const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
  const result = spawnSync(command, args, { cwd, env, stdio, shell, maxBuffer: 1 << 28 });
  if (result.error) fail(`cannot run ${command}: ${result.error.message}`);
  if (result.status === 0) return;
  if (quiet) process.stderr.write(Buffer.concat([result.stdout, result.stderr]));
  process.exit(result.status === null ? 1 : result.status);
}
const runNode = (script, args, options) => run(node, [script, ...args], options);
const runPnpm = (args, options) => run("pnpm", args, { ...options, shell: windows });
const runTurbo = (args, options) =>
  runNode(join(root, "node_modules", "turbo", "bin", "turbo"), ["run", ...args], options);

/** Long-term releases whose type stripping is on by default; the test runner supports these too. */
function isUsable(version) {
  const [major, minor] = version.split(".").map(Number);
  return major % 2 === 0 && (major > 22 || (major === 22 && minor >= 18));
}

/** Name of the npm package that holds nothing but the Node binary of this platform. */
function nodePackage() {
  const platform = windows ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${process.arch}`;
}

function installedVersion(name) {
  try {
    return JSON.parse(readFileSync(join(toolchain, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

/** A missing or read-only home must not matter: the caches of npm and pnpm then live in .toolchain. */
function ensureHome() {
  try {
    accessSync(homedir(), constants.W_OK);
    if (env.HOME !== "") return;
  } catch {}
  env.HOME = join(toolchain, "home");
  mkdirSync(env.HOME, { recursive: true });
}

function ensureToolchain() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const want = { pnpm: packageManager.split("@")[1].split("+")[0] };
  const fetchNode = !isUsable(process.versions.node);
  if (fetchNode) want[nodePackage()] = FETCHED_NODE;

  if (Object.entries(want).some(([name, version]) => installedVersion(name) !== version)) {
    const what = Object.entries(want).map((entry) => entry.join("@"));
    say(`fetching ${what.join(" and ")} into .toolchain (first run only)`);
    mkdirSync(toolchain, { recursive: true });
    // Its own package.json keeps npm from taking the workspace root for the project.
    writeFileSync(join(toolchain, "package.json"), '{ "private": true }\n');
    const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
    const npm = /npm-cli\.js$/.test(env.npm_execpath || "") ? [process.execPath, env.npm_execpath] : ["npm"];
    const args = [...npm.slice(1), "install", "--prefix", toolchain, ...flags, ...what];
    const result = spawnSync(npm[0], args, {
      cwd: toolchain,
      env,
      encoding: "utf8",
      shell: windows && npm.length === 1,
    });
    if (result.status !== 0) {
      const cause = /^npm error (?!code |syscall |errno |path |A complete)(.*)$/m.exec(result.stderr || "");
      const why = result.error ? result.error.message : cause ? cause[1] : "npm failed";
      fail(`could not fetch ${what.join(" and ")} with npm (${why}); check the network connection and run this again.`);
    }
  }

  const path = [join(toolchain, "node_modules", ".bin")];
  if (fetchNode) {
    const bin = join(toolchain, "node_modules", nodePackage(), windows ? "" : "bin");
    node = join(bin, windows ? "node.exe" : "node");
    path.push(bin);
    if (spawnSync(node, ["--version"]).status !== 0) {
      fail(`the fetched Node ${FETCHED_NODE} does not run on this machine; put Node 22.18 or newer on the PATH.`);
    }
  }
  env.PATH = [...path, env.PATH].join(delimiter);
  // Part of every task's cache key (see turbo.json).
  env.LEANCONV_NODE = fetchNode ? FETCHED_NODE : process.versions.node;
}

function ensureDependencies() {
  const stamp = join(root, "node_modules", ".bootstrap-stamp");
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(root, file)));
  const digest = hash.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  say("installing dependencies");
  runPnpm(["install", "--frozen-lockfile", "--prefer-offline"], { quiet: true });
  writeFileSync(stamp, digest);
}

/** Names and sizes of all files below a folder, as one short text. */
function listingDigest(folder) {
  if (!existsSync(folder)) return "absent";
  const hash = createHash("sha256");
  const walk = (path) => {
    for (const name of readdirSync(join(folder, path)).sort()) {
      const file = join(path, name);
      const stat = statSync(join(folder, file), { throwIfNoEntry: false });
      if (stat?.isDirectory()) walk(file);
      else hash.update(`${file}\0${stat === undefined ? "dangling" : stat.size}\n`);
    }
  };
  walk("");
  return hash.digest("hex");
}

function build(args = []) {
  if (!existsSync(cliMain)) say("building the packages");
  runTurbo(["build", ...args], { quiet: true });
}

const tasks = {
  setup: () => {},
  start: (args) => tasks.leanconv([...DEMO, ...args]),
  leanconv(args) {
    build();
    // Paths on the command line are relative to where the user stands, not to the root npm moves to.
    runNode(cliMain, args, { cwd: env.INIT_CWD || process.cwd() });
  },
  bench(args) {
    // The benchmark itself runs from source, the packages it measures are the built ones, as shipped.
    build();
    runNode(join(root, "bench", "src", "main.ts"), args);
  },
  build: (args) => runTurbo(["build", ...args]),
  test(args) {
    build();
    // Some tests read cases from a folder beside the repository, which no input of turbo can name.
    env.LEANCONV_SHARED = listingDigest(join(root, "..", "shared"));
    const turboArgs = ["test:run", "--log-prefix=none"];
    // With arguments (a file, -t name) vitest answers directly; a plain run may come from turbo's cache, unless forced.
    if (args.length === 0) runTurbo(turboArgs);
    // Not the builds before it: they are in place, and only what the tests say has to be of this run.
    else if (args.length === 1 && args[0] === "--force") runTurbo([...turboArgs, "--only", "--force"]);
    else runNode(join(root, "node_modules", "vitest", "vitest.mjs"), ["run", ...args]);
  },
  // Builds as its first check, so that a build that fails does not hide what the others have to say.
  check: (args) => runNode(join(root, "tooling", "check.mjs"), args),
  format: () => runPnpm(["exec", "biome", "check", "--write", "."]),
  changeset: (args) => runPnpm(["exec", "changeset", ...args]),
  release() {
    tasks.check([]);
    runPnpm(["exec", "changeset", "publish"]);
  },
};

const [name = "start", ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name)) fail(`no task "${name}"; there are ${Object.keys(tasks).join(", ")}.`, 2);
ensureHome();
ensureToolchain();
ensureDependencies();
tasks[name](args);
