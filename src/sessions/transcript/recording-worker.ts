import { parentPort, workerData } from 'node:worker_threads';
import type { WriterRequest } from './recording-messages.ts';
import { RecordingWriter } from './recording-writer.ts';

/** The thread that writes recordings: `workerData` is the folder that holds them. */
const writer = new RecordingWriter(workerData as string, (reply) => parentPort?.postMessage(reply));
parentPort?.on('message', (request: WriterRequest) => writer.handle(request));
