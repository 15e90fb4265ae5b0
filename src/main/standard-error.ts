let isUsed = false;

/** The standard error. Node makes it when it is asked for, which takes some ms: a command that goes well says nothing there. */
export function standardError(): NodeJS.WriteStream {
  isUsed = true;
  return process.stderr;
}

export function isStandardErrorUsed(): boolean {
  return isUsed;
}
