    000000  cli
    000001  cld
    000002  mov     ebx, esi
    000004  mov     ebp, edx
    000006  lea     rax, [rel 0]
    00000d  lea     rsp, [rax+0x1000]
    000014  lea     rcx, [rax+0x100]
    00001b  mov     word [rax+0x140], 0x17
    000024  mov     [rax+0x142], rcx
    00002b  lgdt    [rax+0x140]
    000032  add     rax, 0x180
    000038  push    8
    00003a  push    rax
    00003b  retfq
