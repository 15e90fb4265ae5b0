import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { Recorder } from '../../src/sessions/transcript/recorder.ts';
import type { WriterReply } from '../../src/sessions/transcript/recording-messages.ts';
import { RecordingWriter } from '../../src/sessions/transcript/recording-writer.ts';

export interface RecordedSessionOptions {
  folder: string;
  id?: string;
  cols?: number;
  rows?: number;
  bytesMax?: number;
  totalBytesMax?: number;
}

/** A session of the host without its program and its threads: what is written is heard by an emulator and recorded. */
export class RecordedSession {
  readonly emulator: Emulator;
  readonly recorder: Recorder;
  readonly writer: RecordingWriter;
  readonly replies: WriterReply[] = [];
  /** Milliseconds since the epoch. */
  now = Date.UTC(2026, 0, 1);
  /** False: the writer hears nothing, as with a disk that does not answer. */
  isDiskQuick = true;
  readonly #waiting: Parameters<RecordingWriter['handle']>[0][] = [];

  constructor({
    folder,
    id = 's1',
    cols = 80,
    rows = 24,
    bytesMax = 16e6,
    totalBytesMax = 1e9,
  }: RecordedSessionOptions) {
    this.emulator = new Emulator(cols, rows, { scrollback: 1_000 });
    this.writer = new RecordingWriter(folder, (reply) => {
      this.replies.push(reply);
      if (reply.type === 'taken') this.recorder.taken(reply.bytes);
      if (reply.type === 'failed') this.recorder.failed();
    });
    this.writer.handle({ type: 'open', session: id, title: id, command: 'sh', bytesMax, totalBytesMax });
    this.recorder = new Recorder(id, this.emulator, {
      post: (request) => (this.isDiskQuick ? this.writer.handle(request) : this.#waiting.push(request)),
      wantFlush: () => {},
      take: () => true,
      giveBack: () => {},
      clock: () => this.now,
    });
  }

  write(bytes: Uint8Array | string): void {
    const chunk = Buffer.from(bytes as string);
    this.recorder.output(chunk);
    this.emulator.write(chunk);
  }

  resize(cols: number, rows: number): void {
    this.emulator.write('', () => this.emulator.resize(cols, rows));
    this.recorder.resized(cols, rows);
  }

  /** The disk takes what waited. */
  catchUp(): void {
    this.isDiskQuick = true;
    for (const request of this.#waiting.splice(0)) this.writer.handle(request);
  }

  /** Everything so far is parsed and in its file. */
  async settle(): Promise<void> {
    await this.recorder.flushed();
    await new Promise<void>((resolve) => this.emulator.write('', resolve));
  }
}
