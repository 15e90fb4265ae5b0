/** A process of its own that claims a lock, says whether it has it, and holds it until it is killed: node lock-entry.ts FILE. */
import { claimLock } from '../../src/locks/kernel-lock.ts';

process.stdout.write(claimLock(process.argv[2] ?? '') === null ? 'no\n' : 'yes\n');
process.stdin.resume();
