import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Document, isMap, parseDocument } from 'yaml';
import { ForgeError } from '../base/errors.ts';
import { explainIssue } from './explain-issue.ts';
import { layerSchema, options } from './options.ts';
import { parseYaml } from './read-layer.ts';
import { readText } from './read-text.ts';

/**
 * Sets one value in a settings file; the rest of it stays as it was written, comments and order included. `value` is YAML:
 * `3`, `true`, `[a, b]`; null takes the setting out. Throws `config.invalid` when the file would not be valid then, and
 * leaves it.
 */
export function setSetting(file: string, key: string, value: string | null): void {
  const path = key.split('.');
  const before = readText(file);
  const document = before === null || before.trim() === '' ? new Document({}) : parseYaml(file, before).document;
  if (document.contents === null) document.contents = document.createNode({}) as never;
  if (!isMap(document.contents)) throw new ForgeError('config.invalid', `${file} does not hold settings by name`);
  if (value === null) document.deleteIn(path);
  else document.setIn(path, document.createNode(parsed(key, value)));
  const data: unknown = document.toJS();
  const checked = layerSchema.safeParse(data ?? {}, { reportInput: true });
  if (!checked.success) {
    const { message } = explainIssue(checked.error.issues[0], options);
    throw new ForgeError('config.invalid', `${key}: ${message}`, {
      next: 'Every setting is in docs/reference/settings.md; nothing was changed.',
    });
  }
  write(file, document.toString({ lineWidth: 0, flowCollectionPadding: true }));
}

function parsed(key: string, value: string): unknown {
  const document = parseDocument(value);
  if (document.errors.length > 0) throw new ForgeError('config.invalid', `${key}: ${value} is not a value: quote it`);
  return document.toJS();
}

/** Whole at any moment. A link is followed, as an editor would. */
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const target = existsSync(file) ? realpathSync(file) : file;
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const handle = openSync(temporary, 'wx', (lstatSync(target, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o777);
    writeFileSync(handle, text);
    fsyncSync(handle);
    closeSync(handle);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}
