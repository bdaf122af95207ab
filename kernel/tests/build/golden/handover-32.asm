    000180  mov     eax, 0x10
    000185  mov     ds, ax
    000188  mov     es, ax
    00018b  mov     ss, ax
    00018e  mov     fs, ax
    000191  mov     gs, ax
    000194  mov     eax, cr0
    000197  and     eax, 0x7FFFFFFF
    00019c  mov     cr0, eax
    00019f  mov     ecx, 0xC0000080
    0001a4  rdmsr
    0001a6  and     eax, 0xFFFFF6FF
    0001ab  wrmsr
    0001ad  xor     eax, eax
    0001af  mov     cr4, eax
    0001b2  mov     eax, 0x11
    0001b7  mov     cr0, eax
    0001ba  mov     edx, edi
    0001bc  push    dword [edx]
    0001be  add     edx, 4
    0001c1  sub     dword [esp], 1
    0001c5  jb      short 0x000001DD
    0001c7  mov     esi, [edx]
    0001c9  mov     edi, [edx+4]
    0001cc  mov     ecx, [edx+8]
    0001cf  rep movsb
    0001d1  mov     ecx, [edx+0xC]
    0001d4  xor     eax, eax
    0001d6  rep stosb
    0001d8  add     edx, 0x10
    0001db  jmp     short 0x000001C1
    0001dd  jmp     ebp
