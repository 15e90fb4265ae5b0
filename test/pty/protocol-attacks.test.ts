import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { socketPath } from '../../src/daemon/run-directory.ts';
import { encodeFrame, FrameDecoder, frameKind, payloadBytesMax } from '../../src/protocol/frames.ts';
import { type HostMethod, hostMethods } from '../../src/protocol/host-messages.ts';
import { HostWorld, screenHas } from '../support/host-world.ts';
import { seededRandom } from '../support/random.ts';
import { until } from '../support/until.ts';

/** What the host may grow by, in MB, whatever is sent to it. */
const growthMax = 25;

/** Rounds of another client until the host is warm: its own use of memory, of some 30 MB, is not that of an attack. */
const warmUps = 200;

function json(message: unknown): Buffer {
  return encodeFrame(frameKind.json, 0, Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));
}

function length(bytes: number): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt32BE(bytes >>> 0);
  head[4] = frameKind.json;
  return head;
}

/** A client that has been let in and then does as it likes. */
class Intruder {
  readonly socket: Socket;
  readonly heard: { type?: string; id?: number }[] = [];
  isCut = false;
  readonly #decoder = new FrameDecoder();

  constructor({ options }: HostWorld, { saysHello = true } = {}) {
    const { directory, protocol } = options;
    this.socket = connect(socketPath(directory, 'session-host'));
    this.socket.on('error', () => {});
    this.socket.on('close', () => (this.isCut = true));
    this.socket.on('data', (bytes) => {
      for (const { kind, payload } of this.#decoder.push(bytes))
        if (kind === frameKind.json) this.heard.push(JSON.parse(Buffer.from(payload).toString()));
    });
    const hello = { type: 'hello', daemon: 'session-host', protocol, version: 'test', token: directory.token };
    if (saysHello) this.socket.write(json(hello));
  }

  admitted(): Promise<unknown> {
    return until('the welcome', () => this.heard.some(({ type }) => type === 'welcome'));
  }

  send(...frames: Buffer[]): this {
    this.socket.write(Buffer.concat(frames));
    return this;
  }

  answered(id: number): Promise<unknown> {
    return until(`an answer to ${id}`, () => this.isCut || this.heard.find((message) => message.id === id));
  }

  cut(): Promise<unknown> {
    return until('the intruder is cut off', () => this.isCut, { shown: () => JSON.stringify(this.heard.at(-1)) });
  }
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Runs `attack` on a host that another client uses meanwhile and afterwards. */
async function withOther(attack: (world: HostWorld) => Promise<void>): Promise<void> {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('echo', 'exec cat'));
  const { pid } = await host.status();
  const use = async (word: string) => {
    await host.send('echo', `${word}\r`);
    await screenHas(host, 'echo', `${word}\n${word}`);
  };
  for (let at = 0; at < warmUps; at++) await use(`warm${at}`);
  const before = rssOf(pid);
  let isOver = false;
  const attacked = attack(world).finally(() => (isOver = true));
  // Looked at when the other client has had its turns.
  attacked.catch(() => {});
  for (let at = 0; at < 3 || !isOver; at++) await use(`word${at}`);
  await attacked;
  expect(rssOf(pid) - before).toBeLessThan(growthMax);
  expect((await host.status()).pid).toBe(pid);
  expect(world.log()).not.toMatch(/uncaught|unhandled|TypeError|RangeError/);
}

test('S3 frames that cannot be end their client, and nobody else', async () => {
  await withOther(async (world) => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const request = (more: object) => json({ type: 'request', id: 1, method: 'list', params: {}, ...more });
    const attacks: Buffer[] = [
      ...[2 ** 31, -1, 0, 4, payloadBytesMax + 6].map(length),
      json('{'),
      json('nothing'),
      json(deep),
      json(`{"a":${deep}}`),
      json('{"__proto__":{"type":"request"}}'),
      json([]),
      json('null'),
      Buffer.concat([Buffer.from([0, 0, 0, 7, 1, 0, 0, 0, 0]), Buffer.from([0xff, 0xfe])]),
      ...['nothing', '__proto__', 'constructor', 'toString', ''].map((method) => request({ method })),
      request({ id: '1' }),
      request({ id: 1.5 }),
      request({ type: '__proto__' }),
    ];
    await Promise.all(attacks.map((bytes) => new Intruder(world).send(bytes).cut()));
  });
});

test('S3 unknown kinds and channels that nobody opened are passed over', async () => {
  await withOther(async (world) => {
    const kinds = Array.from({ length: 256 }, (_, kind) => kind).filter((kind) => kind !== frameKind.json);
    const frames = kinds.flatMap((kind) =>
      [0, 1, 0xffff_ffff].map((at) => encodeFrame(kind, at, Buffer.alloc(9, 'x'))),
    );
    const intruder = new Intruder(world).send(...frames);
    intruder.send(json({ type: 'request', id: 7, method: 'detach', params: { channel: 99 } }));
    await intruder.answered(7);
    expect(intruder.isCut).toBe(false);
    intruder.socket.destroy();
  });
});

test('S3 wrong values for every parameter of every method are answered with a failure', async () => {
  const deep = JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`);
  const odd = [
    null,
    -1,
    1.5,
    2 ** 53,
    '',
    'x',
    '../../etc/passwd',
    '\u0000',
    [],
    {},
    'y'.repeat(100_000),
    deep,
    [null],
    { a: 1 },
  ];
  const random = seededRandom(1);
  const pick = () => odd[Math.floor(random() * odd.length)];
  /** Of a schema that is an object, all keys with odd values; sometimes one of them is missing. */
  const wrong = (schema: { shape?: Record<string, unknown> }): unknown => {
    const entries = Object.entries(schema.shape ?? {}).filter(() => random() < 0.9);
    const inner = (value: unknown) => (value as { shape?: never }).shape && random() < 0.8;
    return Object.fromEntries(entries.map(([name, value]) => [name, inner(value) ? wrong(value as never) : pick()]));
  };
  await withOther(async (world) => {
    const intruder = new Intruder(world);
    // Before the welcome only small messages are taken in.
    await intruder.admitted();
    let id = 0;
    for (const [method, { params }] of Object.entries(hostMethods)) {
      if (Object.keys(params.shape).length === 0) continue;
      for (let round = 0; round < 30; round++) {
        const value = round % 10 === 0 ? pick() : wrong(params);
        intruder.send(json({ type: 'request', id: ++id, method: method as HostMethod, params: value }));
      }
      await intruder.answered(id);
    }
    expect(intruder.isCut).toBe(false);
    await until('all answers', () => intruder.heard.filter((message) => message.id !== undefined).length >= id);
    // Only a channel that is not open is no failure to leave.
    const done = intruder.heard.filter((message) => message.type === 'reply');
    expect(done.length).toBeLessThan(id / 10);
    intruder.socket.destroy();
  });
});

test('S3 those who never finish, and ten thousand who say nothing, hold up nobody', async () => {
  await withOther(async (world) => {
    const slow = Array.from({ length: 20 }, () => new Intruder(world).send(length(payloadBytesMax)));
    let silent = 10_000;
    const oneAfterTheOther = async () => {
      while (silent-- > 0) await new Intruder(world, { saysHello: false }).cut();
    };
    const all = Promise.all(Array.from({ length: 480 }, oneAfterTheOther));
    for (let at = 0; at < 20; at++) {
      for (const { socket, isCut } of slow) if (!isCut) socket.write('x');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await all;
    for (const { socket } of slow) socket.destroy();
  });
});
