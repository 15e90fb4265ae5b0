import { plainReportLength } from './mouse-event.ts';

/** No key sequence is longer, in bytes; what is goes on as it came. */
const sequenceBytesMax = 64;

/** The length of the key or report (latin1) that begins at `at`; null when its end has not come. */
export function keyLength(data: string, at: number): number | null {
  if (data.charCodeAt(at) !== 0x1b) return characterLength(data, at);
  if (at + 1 === data.length) return null;
  const second = data[at + 1];
  if (second === '\u001b') return 1;
  if (second === 'O') return at + 2 < data.length ? 3 : null;
  if (second !== '[') {
    const length = characterLength(data, at + 1);
    return length === null ? null : 1 + length;
  }
  for (let end = at + 2; end < data.length; end++) {
    const code = data.charCodeAt(end);
    // Three bytes follow it in the oldest report of the mouse.
    if (code === 0x4d && end === at + 2) return data.length - at < plainReportLength ? null : plainReportLength;
    // The Linux console sends CSI [ A for F1.
    if (code >= 0x40 && code <= 0x7e && !(code === 0x5b && end === at + 2)) return end + 1 - at;
    if (code < 0x20 || code > 0x7e || end - at >= sequenceBytesMax) return end - at;
  }
  return data.length - at >= sequenceBytesMax ? data.length - at : null;
}

/** Bytes of the character at `at`; what is not UTF-8 counts byte by byte. */
function characterLength(data: string, at: number): number | null {
  const first = data.charCodeAt(at);
  const size = first < 0xc2 || first > 0xf4 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let length = 1; length < size; length++) {
    if (at + length === data.length) return null;
    if ((data.charCodeAt(at + length) & 0xc0) !== 0x80) return length;
  }
  return size;
}
