gate_call:
    000000  mov     rax, rdi
    000003  mov     rcx, rdx
    000006  mov     rdx, rsi
    000009  int3
    00000a  ret

processor_timestamp:
    00000b  lfence
    00000e  rdtsc
    000010  shl     rdx, 0x20
    000014  or      rax, rdx
    000017  ret

processor_cpuid:
    000018  push    rbx
    000019  mov     r8, rdx
    00001c  mov     eax, edi
    00001e  mov     ecx, esi
    000020  cpuid
    000022  mov     [r8], eax
    000025  mov     [r8+4], ebx
    000029  mov     [r8+8], ecx
    00002d  mov     [r8+0xC], edx
    000031  pop     rbx
    000032  ret

processor_rdrand:
    000033  rdrand  rcx
    000037  setb    al
    00003a  movzx   eax, al
    00003d  mov     [rdi], rcx
    000040  ret

processor_rdseed:
    000041  rdseed  rcx
    000045  setb    al
    000048  movzx   eax, al
    00004b  mov     [rdi], rcx
    00004e  ret

processor_frame_pointer:
    00004f  mov     rax, rbp
    000052  ret

image_layout:
    000053  mov     rax, 0x7FFFFFFFFFFFFFFF
    00005d  ret

RhpAssignRef:
    00005e  mov     [rdi], rsi
    000061  ret

RhpCheckedAssignRef:
    000062  mov     [rdi], rsi
    000065  ret

RhpByRefAssignRef:
    000066  mov     rcx, [rsi]
    000069  mov     [rdi], rcx
    00006c  add     rdi, 8
    000070  add     rsi, 8
    000074  ret
