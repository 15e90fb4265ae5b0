import { bundled } from './bundled.ts';
import type { Figure } from './figure.ts';

/** Drawing itself, without a terminal: compositor and painter in this process. */
export async function measure(): Promise<Figure[]> {
  const { drawFrames } = await bundled<typeof import('./draw-frames.ts')>('draw-frames.ts');
  return drawFrames();
}
