// Holds what the plays made the bot draw against Slack's own types: every message as `KnownBlock[]`, every
// view as `View` of `@slack/types`. Say where the plays kept it:
//
//     DIPPER_KEEP_DRAWN=$PWD/target/drawn cargo test --test suite
//     npm install --no-save --no-package-lock --prefix target/types @slack/types@3.2.0 typescript@5.9.3
//     node tests/types/check.mjs target/drawn target/types

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [drawn, packages] = process.argv.slice(2).map((path) => resolve(path));
const ts = createRequire(join(packages, 'check.js'))('typescript');

const names = readdirSync(drawn).filter((name) => name.endsWith('.json')).sort();
const views = names.filter((name) => name.startsWith('view-')).length;
if (views === 0 || views === names.length) {
  console.error(`${drawn} does not hold both messages and views: were the plays run with DIPPER_KEEP_DRAWN?`);
  process.exit(1);
}

const typed = (name, at) => {
  const type = name.startsWith('view-') ? 'View' : 'KnownBlock[]';
  return `export const drawn${at}: ${type} = ${readFileSync(join(drawn, name), 'utf8')};`;
};
const source = join(packages, 'drawn.ts');
const head = "import type { KnownBlock, View } from '@slack/types';";
writeFileSync(source, [head, ...names.map(typed)].join('\n'));

const program = ts.createProgram([source], {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  target: ts.ScriptTarget.ES2022,
  types: [],
});
const mistakes = ts.getPreEmitDiagnostics(program);
for (const mistake of mistakes.slice(0, 20)) {
  const line = mistake.file?.getLineAndCharacterOfPosition(mistake.start ?? 0).line ?? 0;
  console.error(`${names[line - 1]}: ${ts.flattenDiagnosticMessageText(mistake.messageText, '\n')}`);
}
if (mistakes.length > 0) process.exit(1);
console.log(`${names.length - views} shapes of messages and ${views} of views are as Slack's types have them`);
