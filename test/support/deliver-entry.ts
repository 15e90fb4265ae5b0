/** Delivers once, in a process that can be killed. Argument: a JSON file with the request and what delivery is made from. */
import { readFileSync } from 'node:fs';
import { commandHost } from '../../src/code-hosts/command-host.ts';
import { createDelivery } from '../../src/git/delivery/create-delivery.ts';

const { root, commonDir, environment, command, patches, request } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
);
const host = commandHost({ command, cwd: root, environment });
const options = { root, commonDir, environment, codeHost: () => host, patchesDirectory: () => patches };
process.stdout.write(JSON.stringify(await createDelivery(options).deliver(request)));
