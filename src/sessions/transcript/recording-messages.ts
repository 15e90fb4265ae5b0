/** What the session host asks of the thread that writes recordings. Times in ms since the epoch. */
export type WriterRequest =
  | { type: 'open'; session: string; title: string; command: string; bytesMax: number; totalBytesMax: number }
  /** Begins a segment: bytes that draw the screen as it is at this point of the stream. */
  | {
      type: 'screen';
      session: string;
      at: number;
      cols: number;
      rows: number;
      screen: string;
      /** Of a sequence or character that had begun here. */
      unfinished: Uint8Array;
      /** Nothing is missing between the segment before and this one. */
      isContinued: boolean;
      /** Bytes that were not recorded before this point. */
      missing: number;
    }
  /** Chunks laid end to end: the chunk that ends at `ends[i]` came at `times[i]`. */
  | { type: 'output'; session: string; bytes: Uint8Array; ends: number[]; times: number[] }
  | { type: 'resize'; session: string; at: number; cols: number; rows: number }
  | { type: 'close'; session: string }
  | { type: 'remove'; session: string }
  /** Answered when everything asked before is in its file. */
  | { type: 'flush'; id: number };

export type WriterReply =
  /** So many bytes of output need no memory any more, whether they were written or not. */
  | { type: 'taken'; session: string; bytes: number }
  /** A segment was begun. */
  | { type: 'begun'; session: string }
  /** Nothing more is written until a `screen` comes. */
  | { type: 'failed'; session: string; message: string }
  | { type: 'flushed'; id: number };
