/*
 * A plug-in for QEMU's translator (TCG) that counts the instructions which a guest executes between two arrivals at one
 * address, its gate, and makes the guest wait there until it is told to go on. While it waits, devices work: whatever
 * was sent to the guest lies in its rings before it looks at them. So a round finds the same work in every run.
 *
 * The interface is version 1 of QEMU's plug-in interface (docs/devel/tcg-plugins.rst), which ends with QEMU 8.2. The
 * declarations are here because Debian ships no header for it. The guest has one processor.
 *
 * Arguments: control=PATH, a Unix socket to connect to; gate=ADDRESS; mark=ADDRESS, of code whose execution is reported,
 * so that whoever counts can leave the round out. Addresses are hexadecimal.
 *
 * Each time the guest arrives at its gate, a byte goes out: '1' if it came by the mark since the last time, else '0'.
 * Then commands of a byte are read until one lets it go on:
 *   r  go on, and stop at the gate again
 *   f  go on, and stop at the gate only when another byte is there to be read
 *   c  what was counted since the last c or x counts
 *   x  it does not
 *   z  all totals are zero again
 *   d  a line for each block of which something was executed: address and instructions; for each instruction with a
 *      repeat prefix: "rep", address and repetitions; then "end"
 *
 * Each instruction is counted by itself: with -icount, QEMU leaves a block that touches a device in the middle, and
 * executes the rest of it as another.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum { CALLBACK_NEEDS_NO_REGISTERS = 0, INLINE_ADD_U64 = 0 };

typedef void (*translation_callback)(plugin_id id, struct qemu_plugin_tb *block);
typedef void (*execution_callback)(unsigned int processor, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, translation_callback callback);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int operation, void *sum, uint64_t value);
void qemu_plugin_register_vcpu_insn_exec_cb(
    struct qemu_plugin_insn *insn, execution_callback callback, int flags, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

EXPORT int qemu_plugin_version = 1;

/* Translated code adds to pending for as long as QEMU runs, so counters are never freed. */
struct counter {
    struct counter *next;
    uint64_t address;
    bool is_repeated;
    uint64_t pending;
    uint64_t total;
};

static struct counter *counters;
static uint64_t gate, mark, marked;
static int control = -1;
static bool is_free = true;

static void give_up(const char *why)
{
    fprintf(stderr, "count: %s\n", why);
    exit(EXIT_FAILURE);
}

static struct counter *new_counter(uint64_t address, bool is_repeated)
{
    struct counter *counter = calloc(1, sizeof(*counter));
    if (counter == NULL) give_up("no memory for another counter");
    counter->address = address;
    counter->is_repeated = is_repeated;
    counter->next = counters;
    counters = counter;
    return counter;
}

static void settle(bool counts)
{
    for (struct counter *each = counters; each != NULL; each = each->next) {
        if (counts) each->total += each->pending;
        each->pending = 0;
    }
}

static void clear(void)
{
    settle(false);
    for (struct counter *each = counters; each != NULL; each = each->next) each->total = 0;
}

static void dump(void)
{
    FILE *out = fdopen(dup(control), "w");
    if (out == NULL) give_up("the control socket cannot be written to");
    for (struct counter *each = counters; each != NULL; each = each->next) {
        if (each->total == 0) continue;
        fprintf(out, "%s%" PRIx64 " %" PRIu64 "\n", each->is_repeated ? "rep " : "", each->address, each->total);
    }
    fprintf(out, "end\n");
    if (fclose(out) != 0) give_up("the control socket is broken");
}

static char next_command(void)
{
    char command;
    /* Whoever counts is gone: so is the reason to run. */
    if (read(control, &command, 1) != 1) exit(EXIT_SUCCESS);
    return command;
}

static bool has_command(void)
{
    struct pollfd wanted = { .fd = control, .events = POLLIN };
    return poll(&wanted, 1, 0) == 1;
}

/* Runs on the processor's thread, which does not hold QEMU's lock: devices go on meanwhile. */
static void arrive(unsigned int processor, void *data)
{
    if (is_free && !has_command()) return;
    if (is_free) {
        (void)next_command();
        is_free = false;
    }
    char report = marked != 0 ? '1' : '0';
    marked = 0;
    if (write(control, &report, 1) != 1) exit(EXIT_SUCCESS);
    while (true) {
        switch (next_command()) {
            case 'r': return;
            case 'f': is_free = true; return;
            case 'c': settle(true); break;
            case 'x': settle(false); break;
            case 'z': clear(); break;
            case 'd': dump(); break;
            default: give_up("an unknown command");
        }
    }
}

/* rep movs and rep stos: QEMU executes such an instruction once for each repetition. */
static bool is_repeated(const struct qemu_plugin_insn *insn)
{
    const uint8_t *code = qemu_plugin_insn_data(insn);
    size_t size = qemu_plugin_insn_size(insn);
    size_t at = 0;
    while (at < size && (code[at] == 0x66 || code[at] == 0x67)) at++;
    if (at >= size || code[at++] != 0xf3) return false;
    if (at < size && (code[at] & 0xf0) == 0x40) at++;
    return at < size && (code[at] == 0xa4 || code[at] == 0xa5 || code[at] == 0xaa || code[at] == 0xab);
}

static void translate(plugin_id id, struct qemu_plugin_tb *block)
{
    struct counter *plain = NULL;
    size_t count = qemu_plugin_tb_n_insns(block);
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
        uint64_t address = qemu_plugin_insn_vaddr(insn);
        struct counter *counter;
        if (is_repeated(insn)) {
            counter = new_counter(address, true);
        } else {
            if (plain == NULL) plain = new_counter(address, false);
            counter = plain;
        }
        if (address == gate) qemu_plugin_register_vcpu_insn_exec_cb(insn, arrive, CALLBACK_NEEDS_NO_REGISTERS, NULL);
        if (address == mark) qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &marked, 1);
        qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &counter->pending, 1);
    }
}

static void connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof(address.sun_path)) give_up("the path of the control socket is too long");
    strcpy(address.sun_path, path);
    control = socket(AF_UNIX, SOCK_STREAM, 0);
    if (control < 0 || connect(control, (const struct sockaddr *)&address, sizeof(address)) != 0)
        give_up("the control socket cannot be reached");
}

/* The third parameter describes the guest, of which nothing is needed. */
EXPORT int qemu_plugin_install(plugin_id id, const void *guest, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (value == NULL) give_up("an argument without a value");
        *value++ = 0;
        if (strcmp(argv[i], "control") == 0) connect_to(value);
        else if (strcmp(argv[i], "gate") == 0) gate = strtoull(value, NULL, 16);
        else if (strcmp(argv[i], "mark") == 0) mark = strtoull(value, NULL, 16);
        else give_up("an unknown argument");
    }
    if (control < 0 || gate == 0) give_up("control and gate are needed");
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    return 0;
}
