// Reads every import below packages/*/src, apps/*/src and bench/src and holds it against the table in layers.ts.
// Type-only imports count as well: they end up in the published declarations, which then need the package.

import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { argv } from "node:process";
import ts from "typescript";
import {
  computedImports,
  fileExceptions,
  forbiddenEdges,
  type Layer,
  layerRules,
  packageExceptions,
} from "./layers.ts";
import { repositoryRoot, type WorkspacePackage, workspacePackages } from "./workspace.ts";

interface Package {
  readonly name: string;
  readonly folder: string;
  readonly layer: Layer;
  readonly dependencies: ReadonlySet<string>;
  readonly entries: ReadonlySet<string>;
  /** Names that package.json maps to one of its own files, by the runtime's conditions. */
  readonly aliases: ReadonlySet<string>;
}

export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const slashes = (path: string) => path.split(sep).join("/");

const isLayer = (name: string): name is Layer => Object.hasOwn(layerRules, name);

function describe({ folder, manifest }: WorkspacePackage): Package {
  const { name, dependencies, peerDependencies, optionalDependencies, exports = {}, imports = {}, leanconv } = manifest;
  const layer = leanconv?.layer ?? "";
  if (!isLayer(layer)) {
    throw new Error(
      `${name}: package.json needs "leanconv": { "layer": one of ${Object.keys(layerRules).join(", ")} }`,
    );
  }
  const declared = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  const [dependencySet, entries, aliases] = [declared, exports, imports].map((record) => new Set(Object.keys(record)));
  return { name, folder, layer, dependencies: dependencySet, entries, aliases };
}

interface FoundImport {
  readonly line: number;
  /** Undefined if only the running program knows it. */
  readonly specifier?: string;
  readonly byRequire?: boolean;
}

const isRequire = (node: ts.Expression): boolean =>
  (ts.isIdentifier(node) && (node.text === "require" || node.text === "createRequire")) ||
  (ts.isPropertyAccessExpression(node) &&
    ((ts.isIdentifier(node.name) && isRequire(node.name)) || isRequire(node.expression)));

/** Every module specifier of a file: imports, re-exports, `import()`, `import("...")` types; and calls of require. */
function importsOf(file: string): FoundImport[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: FoundImport[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const add = (node: ts.Node | undefined) => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push({ specifier: node.text, line: lineOf(node) });
  };
  const addCall = (call: ts.CallExpression) => {
    if (isRequire(call.expression)) found.push({ line: lineOf(call), byRequire: true });
    if (call.expression.kind !== ts.SyntaxKind.ImportKeyword) return;
    const [specifier] = call.arguments;
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) add(specifier);
    else found.push({ line: lineOf(call) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isExternalModuleReference(node)) found.push({ line: lineOf(node), byRequire: true });
    else if (ts.isCallExpression(node)) addCall(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Splits "@scope/name/entry" into the package name and the key of its exports. */
function splitSpecifier(specifier: string): { name: string; entry: string } {
  const parts = specifier.split("/");
  const count = specifier.startsWith("@") ? 2 : 1;
  return { name: parts.slice(0, count).join("/"), entry: [".", ...parts.slice(count)].join("/") };
}

/** A file as the tables in layers.ts name it. */
const fileKey = (from: Package, file: string) => `${from.name}/${slashes(relative(from.folder, file))}`;

/** What is wrong with one import, or undefined. */
function judge(from: Package, file: string, found: FoundImport, packages: ReadonlyMap<string, Package>) {
  const { specifier, byRequire } = found;
  if (byRequire || specifier === undefined) {
    if (computedImports.includes(fileKey(from, file))) return undefined;
    const what = byRequire ? "require()" : "import() of a computed name";
    return `${what} hides what is imported; use import with a literal name`;
  }
  const rule = layerRules[from.layer];
  if (from.aliases.has(specifier)) return undefined;
  if (specifier.startsWith(".")) {
    const target = relative(join(from.folder, "src"), resolve(dirname(file), specifier));
    // Files that the build makes from no TypeScript lie beside src and dist, at the same distance from both.
    if (/^\.\.[\\/]wasm[\\/][\w-]+\.wasm(\?module)?$/.test(target)) return undefined;
    return target.startsWith("..") ? `"${specifier}" leaves the package's src` : undefined;
  }
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) {
    return rule.node ? undefined : `layer "${from.layer}" must run outside Node too, got "${specifier}"`;
  }

  const { name, entry } = splitSpecifier(specifier);
  const target = packages.get(name);
  if (name === from.name) return `imports itself by name; use a relative path instead of "${specifier}"`;
  if (target === undefined) {
    const exceptions = fileExceptions[fileKey(from, file)] ?? [];
    const allowed = [...(rule.external ?? []), ...exceptions];
    if (!allowed.includes("*") && !allowed.includes(name)) return `"${name}" may not be imported here`;
  } else {
    if (target.layer === "testing") return `"${name}" may be imported from test folders only`;
    const allowed = rule.layers.includes(target.layer) || packageExceptions[from.name]?.includes(name);
    if (!allowed || forbiddenEdges[from.name]?.includes(name)) {
      return `layer "${from.layer}" may not import "${name}" (layer "${target.layer}")`;
    }
    if (!target.entries.has(entry)) return `"${specifier}" is not a public entry of ${name}`;
  }
  return from.dependencies.has(name) ? undefined : `"${name}" is not among the dependencies in package.json`;
}

export function checkLayers(root: string): { violations: Violation[]; files: number } {
  const packages = new Map(workspacePackages(root).map((one) => [one.manifest.name, describe(one)]));
  const violations: Violation[] = [];
  let files = 0;
  for (const from of packages.values()) {
    for (const path of globSync("src/**/*.{ts,tsx,mts,js,mjs}", { cwd: from.folder }).sort()) {
      const file = join(from.folder, path);
      files++;
      for (const found of importsOf(file)) {
        const message = judge(from, file, found, packages);
        if (message !== undefined) violations.push({ file: slashes(relative(root, file)), line: found.line, message });
      }
    }
  }
  return { violations, files };
}

if (argv[1] !== undefined && import.meta.filename === resolve(argv[1])) {
  const { violations, files } = checkLayers(repositoryRoot);
  for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
  console.log(`${files} files read, ${violations.length} forbidden imports`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
