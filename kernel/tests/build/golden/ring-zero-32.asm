pvh_entry:
    100000  cli
    100001  cld
    100002  mov     esp, 0x10B000
    100007  mov     ebp, ebx
    100009  mov     edi, 0x100200
    10000e  mov     esi, [edi]
    100010  test    esi, esi
    100012  je      short 0x0010004B
    100014  mov     eax, esi
    100016  and     eax, 0x80000000
    10001b  cpuid
    10001d  cmp     eax, esi
    10001f  jb      near 0x00100109
    100025  mov     eax, esi
    100027  xor     ecx, ecx
    100029  cpuid
    10002b  push    edx
    10002c  push    ecx
    10002d  push    ebx
    10002e  push    eax
    10002f  movzx   eax, word [edi+4]
    100033  movzx   ecx, word [edi+6]
    100037  mov     eax, [esp+eax]
    10003a  add     esp, 0x10
    10003d  bt      eax, ecx
    100040  jae     near 0x00100109
    100046  add     edi, 0xC
    100049  jmp     short 0x0010000E
    10004b  xor     eax, eax
    10004d  mov     edi, 0x103000
    100052  mov     ecx, 0x3000
    100057  rep stosd
    100059  mov     [0x10E000], ebp
    10005f  rdtsc
    100061  mov     [0x10E008], eax
    100066  mov     [0x10E00C], edx
    10006c  mov     dword [0x103000], 0x104007
    100076  mov     dword [0x104000], 0x105007
    100080  mov     dword [0x104008], 0x106007
    10008a  mov     dword [0x104010], 0x107007
    100094  mov     dword [0x104018], 0x108007
    10009e  mov     edi, 0x105000
    1000a3  mov     eax, 0x87
    1000a8  mov     [edi], eax
    1000aa  add     edi, 8
    1000ad  add     eax, 0x200000
    1000b2  cmp     eax, 0xC0000087
    1000b7  jne     short 0x001000BE
    1000b9  or      eax, 0x10
    1000be  cmp     edi, 0x109000
    1000c4  jb      short 0x001000A8
    1000c6  mov     eax, 0x40620
    1000cb  mov     cr4, eax
    1000ce  mov     eax, 0x103000
    1000d3  mov     cr3, eax
    1000d6  mov     ecx, 0xC0000080
    1000db  rdmsr
    1000dd  or      eax, 0x900
    1000e2  wrmsr
    1000e4  sub     esp, 8
    1000e7  mov     word [esp], 0x4F
    1000ed  mov     dword [esp+2], 0x101000
    1000f5  lgdt    [esp]
    1000f9  mov     eax, 0x80010023
    1000fe  mov     cr0, eax
    100101  push    0x10
    100103  push    0x100500
    100108  retf
    100109  mov     esi, 0x1002C4
    10010e  call    0x00100133
    100113  mov     esi, [edi+8]
    100116  call    0x00100133
    10011b  mov     esi, 0x1002F3
    100120  call    0x00100133
    100125  mov     edx, 0xF4
    10012a  mov     eax, 0x11
    10012f  out     dx, al
    100130  hlt
    100131  jmp     short 0x00100130
    100133  lodsb
    100134  test    al, al
    100136  je      short 0x00100156
    100138  mov     ebx, eax
    10013a  mov     ecx, 0x100000
    10013f  mov     edx, 0x3FD
    100144  in      al, dx
    100145  test    al, 0x20
    100147  jne     short 0x0010014C
    100149  dec     ecx
    10014a  jne     short 0x00100144
    10014c  mov     edx, 0x3F8
    100151  mov     eax, ebx
    100153  out     dx, al
    100154  jmp     short 0x00100133
    100156  ret
