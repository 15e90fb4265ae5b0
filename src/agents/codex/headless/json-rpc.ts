import { type JsonObject, objectOf, parseLine, textOf } from '../../json-line.ts';

type Id = string | number;

export interface RpcListener {
  notified(method: string, params: JsonObject): void;
  /** Whoever asks gets `reply` or `refuse` with the id. */
  asked(id: Id, method: string, params: JsonObject): void;
}

/** JSON-RPC, a line a message, without its version field, as `codex app-server` speaks it. */
export class JsonRpc {
  readonly #write: (line: string) => void;
  readonly #listener: RpcListener;
  readonly #pending = new Map<Id, { resolve: (result: JsonObject) => void; reject: (failure: Error) => void }>();
  #requests = 0;

  constructor(write: (line: string) => void, listener: RpcListener) {
    this.#write = write;
    this.#listener = listener;
  }

  /** Rejects with the words of the program. Never settles when the program ends first: whoever waits hears of that. */
  request(method: string, params: object): Promise<JsonObject> {
    const id = ++this.#requests;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  notify(method: string): void {
    this.#send({ method });
  }

  reply(id: Id, result: object): void {
    this.#send({ id, result });
  }

  refuse(id: Id, message: string): void {
    this.#send({ id, error: { code: -32_601, message } });
  }

  read(line: string): void {
    const message = parseLine(line);
    if (message === null) return;
    const { id } = message;
    const isId = typeof id === 'string' || typeof id === 'number';
    if (typeof message.method === 'string') {
      if (isId) this.#listener.asked(id, message.method, objectOf(message.params));
      else this.#listener.notified(message.method, objectOf(message.params));
    } else if (isId) this.#settle(id, message);
  }

  #settle(id: Id, { result, error }: JsonObject): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(objectOf(result));
    else pending?.reject(new Error(textOf(objectOf(error).message)));
  }

  #send(message: object): void {
    this.#write(`${JSON.stringify(message)}\n`);
  }
}
