/*
 * The terminal that a person would sit at, without a screen: a program in a pty, plain text looked for in what it writes.
 *
 *     outer-terminal COLS ROWS PROGRAM [ARGUMENT...]      prints the program's process id, then obeys a line at a time:
 *
 *     press HEX                  types these bytes; no answer
 *     type LETTER MS             types it; answers the ms until it is shown, or -
 *     sees MS WORD...            answers the clock (CLOCK_MONOTONIC, ms) when all have been shown, or -
 *     quiet SILENCE_MS MS        answers ok when it has written and then was silent for so long, or after MS
 *     bytes                      answers how many bytes the program has written
 *
 * `-` also when the program ended. The end of the input ends the program as a closed window would, then by force.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Plain text that is kept while nobody waits for it, in bytes; a longer burst is one that nobody will ask about. */
#define KEPT (64 * 1024)
/* How long the program has to end after it was asked, in ms. */
#define END_MS 3000
#define WORDS 64

static int pty_fd;
static pid_t child;
static int is_ended;
static long long total;
static double last_output;

static char text[2 * KEPT + 1];
static size_t length, searched;
static enum { plain, escape, csi, string, string_escape, between } state;

static char line[16 * 1024];
static size_t line_length;

static enum { nothing, letter_wanted, words_wanted, quiet_wanted } wanted;
static char *words[WORDS];
static int word_count;
static double started, deadline, silence;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void answer(const char *format, double value) {
  wanted = nothing;
  printf(format, value);
  putchar('\n');
  fflush(stdout);
}

static void press(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t n = write(pty_fd, bytes, count);
    if (n < 0 && errno != EINTR && errno != EAGAIN) return;
    if (n > 0) bytes += n, count -= n;
  }
}

static void keep(char c) {
  if (length == 2 * KEPT) {
    memmove(text, text + KEPT, KEPT);
    length = KEPT;
    searched = searched > KEPT ? searched - KEPT : 0;
  }
  text[length++] = c;
}

static void take(const char *bytes, ssize_t count) {
  total += count;
  last_output = now();
  if (memmem(bytes, count, "\033[c", 3) || memmem(bytes, count, "\033[0c", 4)) press("\033[?62;22c", 9);
  for (ssize_t i = 0; i < count; i++) {
    unsigned char c = bytes[i];
    switch (state) {
      case plain:
        if (c == 033) state = escape;
        else keep(c);
        break;
      case escape:
        state = c == '[' ? csi : strchr("]P_^X", c) ? string : c >= ' ' && c <= '/' ? between : plain;
        break;
      case between:
        if (c >= '0') state = plain;
        break;
      case csi:
        if (c >= '@' && c <= '~') state = plain;
        break;
      case string:
        state = c == 7 ? plain : c == 033 ? string_escape : string;
        break;
      case string_escape:
        state = c == '\\' ? plain : string;
    }
  }
}

static void look(void) {
  if (wanted == nothing) return;
  double at = now();
  if (wanted == letter_wanted) {
    if (memchr(text + searched, words[0][0], length - searched)) answer("%.4f", at - started);
    searched = length;
  } else if (wanted == words_wanted) {
    size_t longest = 0;
    for (int i = 0; i < word_count;) {
      size_t size = strlen(words[i]);
      /* A word may lie across the end of what was searched. */
      size_t from = searched > size ? searched - size : 0;
      if (size > longest) longest = size;
      if (memmem(text + from, length - from, words[i], size)) words[i] = words[--word_count];
      else i++;
    }
    searched = length;
    if (word_count == 0) {
      length = searched = 0;
      answer("%.4f", at);
    }
  } else if ((total > 0 && at - last_output >= silence) || at >= deadline) answer("ok", 0);
  if (wanted != nothing && (is_ended || at >= deadline)) answer("-", 0);
}

static void obey(char *command) {
  static char kept_line[sizeof line];
  strcpy(kept_line, command);
  char *verb = strtok(kept_line, " ");
  char *first = strtok(NULL, " ");
  if (!verb) return;
  if (!strcmp(verb, "press") && first) {
    for (; first[0] && first[1]; first += 2) {
      char hex[3] = {first[0], first[1], 0};
      char byte = (char)strtol(hex, NULL, 16);
      press(&byte, 1);
    }
  } else if (!strcmp(verb, "bytes")) answer("%.0f", total);
  else if (!strcmp(verb, "type") && first) {
    words[0] = first;
    length = searched = 0;
    wanted = letter_wanted;
    deadline = now() + atof(strtok(NULL, " "));
    started = now();
    press(first, 1);
  } else if (!strcmp(verb, "sees") && first) {
    word_count = 0;
    for (char *word; word_count < WORDS && (word = strtok(NULL, " "));) words[word_count++] = word;
    searched = 0;
    wanted = words_wanted;
    deadline = now() + atof(first);
    look();
  } else if (!strcmp(verb, "quiet") && first) {
    silence = atof(first);
    wanted = quiet_wanted;
    deadline = now() + atof(strtok(NULL, " "));
    look();
  }
}

static int wait_for_child(int ms) {
  for (int waited = 0; waited < ms; waited += 10) {
    if (waitpid(child, NULL, WNOHANG) != 0) return 1;
    struct pollfd output = {pty_fd, POLLIN, 0};
    char sink[64 * 1024];
    if (poll(&output, 1, 10) > 0 && read(pty_fd, sink, sizeof sink) <= 0) usleep(10 * 1000);
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count < 4) return 2;
  struct winsize size = {.ws_col = atoi(arguments[1]), .ws_row = atoi(arguments[2])};
  child = forkpty(&pty_fd, NULL, NULL, &size);
  if (child < 0) return 1;
  if (child == 0) {
    execvp(arguments[3], arguments + 3);
    _exit(127);
  }
  last_output = now();
  answer("%.0f", child);
  static char bytes[64 * 1024];
  for (;;) {
    struct pollfd sources[] = {{0, POLLIN, 0}, {is_ended ? -1 : pty_fd, POLLIN, 0}};
    double waits = wanted == nothing ? -1 : deadline - now();
    if (wanted == quiet_wanted) waits = 5;
    poll(sources, 2, waits < 0 ? (wanted == nothing ? -1 : 0) : (int)waits + 1);
    if (sources[1].revents) {
      ssize_t n = read(pty_fd, bytes, sizeof bytes);
      if (n > 0) take(bytes, n);
      else if (n == 0 || (errno != EINTR && errno != EAGAIN)) is_ended = 1;
    }
    look();
    if (sources[0].revents) {
      ssize_t n = read(0, line + line_length, sizeof line - 1 - line_length);
      if (n <= 0) break;
      line_length += n;
      line[line_length] = 0;
      char *begin = line;
      for (char *end; (end = strchr(begin, '\n')); begin = end + 1) {
        *end = 0;
        obey(begin);
      }
      line_length -= begin - line;
      memmove(line, begin, line_length);
    }
  }
  if (wait_for_child(1)) return 0;
  kill(child, SIGHUP);
  if (wait_for_child(END_MS)) return 0;
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return 0;
}
