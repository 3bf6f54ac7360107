/* Every fsync and fdatasync takes longer while the file SWITCH is there, as on a disk that is far away. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

static void wait_for_the_disk(void) {
    if (access(SWITCH, F_OK) == 0) usleep(DELAY_US);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_for_the_disk();
    return real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_for_the_disk();
    return real(file);
}
