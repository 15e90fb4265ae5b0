import type { Emulator } from '../../src/sessions/screen/emulator.ts';
import { cellMask, coreOf, rawLine } from '../../src/sessions/screen/internals.ts';

/** All that printing can change: every cell as it is stored, the cursor, and what the next character may join. */
export function stateOf({ terminal }: Emulator) {
  const { buffer } = terminal;
  const lines = [buffer.normal, buffer.alternate].flatMap((side) =>
    Array.from({ length: side.length }, (_, at) => {
      const line = rawLine(side, at);
      const combined = Object.entries(line?._combined ?? {}).filter(
        ([x]) => ((line?._data[Number(x) * 3] ?? 0) & cellMask.isCombined) !== 0,
      );
      const extended = Object.entries(line?._extendedAttrs ?? {}).flatMap(([x, attributes]) =>
        ((line?._data[Number(x) * 3 + 2] ?? 0) & cellMask.hasExtended) !== 0 ? [`${x} ${attributes?._ext}`] : [],
      );
      return `${extended} ${Array.from(line?._data ?? []).join(' ')} ${JSON.stringify(combined)} ${side.getLine(at)?.isWrapped}`;
    }),
  );
  const { cursorX, cursorY, baseY } = buffer.active;
  return { lines, cursorX, cursorY, baseY, joins: coreOf(terminal)._inputHandler._parser.precedingJoinState };
}
