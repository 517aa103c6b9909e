// What the measured server uses, from the outside.
#include "wsload.h"
#include <sys/resource.h>
#include <time.h>

uint64_t server_cpu_ns(int pid) { // the process's CPU clock: it keeps what finished threads have used
    clockid_t id;
    struct timespec t;
    if (!pid || clock_getcpuclockid(pid, &id) || clock_gettime(id, &t))
        return 0;
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

long server_rss_kb(int pid) {
    char path[64], line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    fclose(f);
    return kb;
}

double self_cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_utime.tv_usec / 1e6 + u.ru_stime.tv_sec + u.ru_stime.tv_usec / 1e6;
}
