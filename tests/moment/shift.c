/* Shifts the wall clock of a process by LINLI_SHIFT seconds, and that of every process that it starts: Python's,
   PostgreSQL's, a killed worker's. Loaded with LD_PRELOAD by `make test MOMENT=…`. Clocks that measure how long something
   takes stay as they are, so that waiting, leases and timeouts take as long as ever. (libfaketime 0.9.10 shifts those
   too, and then Python's locks wait for ever; told to leave them alone, it breaks sleeping.) */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static time_t shift(void) {
    static time_t seconds;
    static int known;
    if (!known) {
        const char *given = getenv("LINLI_SHIFT");
        seconds = given ? atoll(given) : 0;
        known = 1;
    }
    return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *out) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, out);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) out->tv_sec += shift();
    return failed;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    (void)zone;
    struct timespec now;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    if (!failed) out->tv_sec = now.tv_sec, out->tv_usec = now.tv_nsec / 1000;
    return failed;
}

time_t time(time_t *out) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now)) return (time_t)-1;
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
