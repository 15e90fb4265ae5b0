/*
 * A busy program: writes lines of digits (no letter, so that an echo is told from it) at an even pace.
 *
 *     pacer FILE
 *
 * FILE holds `BYTES_PER_SECOND TICK_MS`; it is read at the start and at each SIGUSR2, 0 is silence. What was really taken
 * from it is written to FILE.sent, `PID BYTES`, at most ten times a second.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A program that was held up does not make up for more than this, in ms. */
#define BEHIND_MS 100
#define LINE 80

static volatile sig_atomic_t is_new = 1;

static void renew(int signal) {
  (void)signal;
  is_new = 1;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static char digits[64 * 1024];

int main(int count, char **arguments) {
  if (count != 2) return 2;
  struct sigaction on_signal = {.sa_handler = renew};
  sigset_t usr2, none;
  sigaction(SIGUSR2, &on_signal, NULL);
  sigemptyset(&usr2);
  sigaddset(&usr2, SIGUSR2);
  sigprocmask(SIG_BLOCK, &usr2, NULL);
  sigemptyset(&none);
  char sent_file[4096];
  snprintf(sent_file, sizeof sent_file, "%s.sent", arguments[1]);
  int report = open(sent_file, O_WRONLY | O_CREAT, 0600);
  srandom(getpid());
  for (size_t i = 0; i < sizeof digits; i++)
    digits[i] = i % LINE == LINE - 2 ? '\r' : i % LINE == LINE - 1 ? '\n' : '0' + random() % 10;
  double rate = 0, tick = 10, due = now(), reported = 0;
  long long sent = 0;
  size_t at = 0;
  for (;;) {
    if (is_new) {
      is_new = 0;
      FILE *file = fopen(arguments[1], "r");
      if (!file || fscanf(file, "%lf %lf", &rate, &tick) != 2) return 1;
      fclose(file);
      due = now();
      reported = 0;
    }
    if (reported == 0 || now() - reported >= 100) {
      char text[64];
      int size = snprintf(text, sizeof text, "%-10d %-20lld\n", getpid(), sent);
      if (pwrite(report, text, size, 0) < 0) return 1;
      reported = now();
    }
    if (rate <= 0) {
      sigsuspend(&none);
      continue;
    }
    double waits = due - now();
    if (waits > 0) {
      struct timespec pause = {waits / 1e3, 0};
      pause.tv_nsec = (waits - pause.tv_sec * 1e3) * 1e6;
      ppoll(NULL, 0, &pause, &none);
      if (is_new) continue;
    }
    for (long left = (long)(rate * tick / 1e3); left > 0 && !is_new;) {
      size_t size = sizeof digits - at;
      if ((size_t)left < size) size = left;
      /* Unblocked only here and in the waits: a pacer that nobody reads must hear that it is to stop. */
      sigprocmask(SIG_SETMASK, &none, NULL);
      ssize_t n = write(1, digits + at, size);
      sigprocmask(SIG_BLOCK, &usr2, NULL);
      if (n <= 0) continue;
      at = (at + n) % sizeof digits;
      left -= n;
      sent += n;
    }
    due += tick;
    if (due < now() - BEHIND_MS) due = now() - BEHIND_MS;
  }
}
