long_mode_entry:
    100500  mov     eax, 0x18
    100505  mov     ss, eax
    100507  mov     rsp, 0x10B000
    100511  mov     eax, 0x2B
    100516  mov     ds, eax
    100518  mov     es, eax
    10051a  mov     eax, 0x40
    10051f  o16 ltr ax
    100523  sub     rsp, 0x10
    100527  mov     word [rsp], 0xFFF
    10052d  mov     eax, 0x102000
    100532  mov     [rsp+2], rax
    100537  lidt    [rsp]
    10053b  add     rsp, 0x10
    10053f  mov     eax, 1
    100544  cpuid
    100546  test    ecx, 0x200000
    10054c  je      short 0x0000000000100572
    10054e  mov     ecx, 0x1B
    100553  rdmsr
    100555  or      eax, 0xC00
    10055a  wrmsr
    10055c  mov     dword [0x101208], 1
    100567  mov     dword [0x10E010], 1
    100572  xor     ecx, ecx
    100574  xor     edx, edx
    100576  mov     eax, 7
    10057b  xsetbv
    10057e  mov     rdi, [0x101320]
    100586  mov     rcx, [0x101328]
    10058e  sub     rcx, rdi
    100591  shr     rcx, 3
    100595  xor     eax, eax
    100597  rep stosq
    10059a  mov     eax, 1
    10059f  cpuid
    1005a1  bt      ecx, 0x1E
    1005a5  jae     short 0x00000000001005AD
    1005a7  rdrand  rax
    1005ab  jb      short 0x00000000001005C4
    1005ad  rdtsc
    1005af  shl     rdx, 0x20
    1005b3  or      rax, rdx
    1005b6  mov     rcx, 0x9E3779B97F4A7C15
    1005c0  imul    rax, rcx
    1005c4  mov     rdx, [0x101330]
    1005cc  mov     [rdx], rax
    1005cf  mov     edi, 0x10E000
    1005d4  mov     rcx, [0x101308]
    1005dc  sub     rcx, 8
    1005e0  xor     ebp, ebp
    1005e2  push    0x2B
    1005e4  push    rcx
    1005e5  push    2
    1005e7  push    0x33
    1005e9  push    qword [0x101300]
    1005f0  iretq

gate:
    1005f2  cmp     rax, 0xB
    1005f8  jae     near 0x0000000000100685
    1005fe  jmp     qword [rax*8+0x100F80]

service In8:
    100605  in      al, dx
    100606  movzx   eax, al
    100609  iretq

service In16:
    10060b  in      ax, dx
    10060d  movzx   eax, ax
    100610  iretq

service In32:
    100612  in      eax, dx
    100613  iretq

service Out8:
    100615  mov     eax, ecx
    100617  out     dx, al
    100618  iretq

service Out16:
    10061a  mov     eax, ecx
    10061c  out     dx, ax
    10061e  iretq

service Out32:
    100620  mov     eax, ecx
    100622  out     dx, eax
    100623  iretq

service Halt:
    100625  sti
    100626  hlt
    100627  cli
    100628  iretq

service ReadMsr:
    10062a  mov     ecx, edx
    10062c  rdmsr
    10062e  shl     rdx, 0x20
    100632  mov     eax, eax
    100634  or      rax, rdx
    100637  iretq

service WriteMsr:
    100639  cmp     edx, 0x6E0
    10063f  je      short 0x0000000000100653
    100641  cmp     edx, 0x838
    100647  je      short 0x0000000000100653
    100649  cmp     dword [0x101200], 0
    100651  jne     short 0x0000000000100685
    100653  mov     rax, rcx
    100656  mov     ecx, edx
    100658  mov     rdx, rax
    10065b  shr     rdx, 0x20
    10065f  wrmsr
    100661  iretq

service LoadPageTables:
    100663  cmp     dword [0x101200], 0
    10066b  jne     short 0x0000000000100685
    10066d  mov     cr3, rdx
    100670  iretq

service Seal:
    100672  mov     dword [0x101200], 1
    10067d  mov     rax, cr3
    100680  mov     cr3, rax
    100683  iretq
    100685  ud2

vector 32:
    100687  inc     dword [0x10E100]
    10068e  jmp     0x000000000010071D

vector 33:
    100693  inc     dword [0x10E104]
    10069a  jmp     0x000000000010071D

vector 34:
    10069f  inc     dword [0x10E108]
    1006a6  jmp     short 0x000000000010071D

vector 35:
    1006a8  inc     dword [0x10E10C]
    1006af  jmp     short 0x000000000010071D

vector 36:
    1006b1  inc     dword [0x10E110]
    1006b8  jmp     short 0x000000000010071D

vector 37:
    1006ba  inc     dword [0x10E114]
    1006c1  jmp     short 0x000000000010071D

vector 38:
    1006c3  inc     dword [0x10E118]
    1006ca  jmp     short 0x000000000010071D

vector 39:
    1006cc  inc     dword [0x10E11C]
    1006d3  jmp     short 0x000000000010071D

vector 40:
    1006d5  inc     dword [0x10E120]
    1006dc  jmp     short 0x000000000010071D

vector 41:
    1006de  inc     dword [0x10E124]
    1006e5  jmp     short 0x000000000010071D

vector 42:
    1006e7  inc     dword [0x10E128]
    1006ee  jmp     short 0x000000000010071D

vector 43:
    1006f0  inc     dword [0x10E12C]
    1006f7  jmp     short 0x000000000010071D

vector 44:
    1006f9  inc     dword [0x10E130]
    100700  jmp     short 0x000000000010071D

vector 45:
    100702  inc     dword [0x10E134]
    100709  jmp     short 0x000000000010071D

vector 46:
    10070b  inc     dword [0x10E138]
    100712  jmp     short 0x000000000010071D

vector 47:
    100714  inc     dword [0x10E13C]
    10071b  jmp     short 0x000000000010071D
    10071d  push    rax
    10071e  cmp     dword [0x101208], 0
    100726  jne     short 0x0000000000100736
    100728  mov     eax, 0xFEE000B0
    10072d  mov     dword [rax], 0
    100733  pop     rax
    100734  iretq
    100736  push    rcx
    100737  push    rdx
    100738  mov     ecx, 0x80B
    10073d  xor     eax, eax
    10073f  xor     edx, edx
    100741  wrmsr
    100743  pop     rdx
    100744  pop     rcx
    100745  pop     rax
    100746  iretq

vector 255:
    100748  iretq

vector 0:
    10074a  push    0
    10074c  push    0
    10074e  jmp     0x0000000000100802

vector 1:
    100753  push    0
    100755  push    1
    100757  jmp     0x0000000000100802

vector 2:
    10075c  push    0
    10075e  push    2
    100760  jmp     0x0000000000100802

vector 4:
    100765  push    0
    100767  push    4
    100769  jmp     0x0000000000100802

vector 5:
    10076e  push    0
    100770  push    5
    100772  jmp     0x0000000000100802

vector 6:
    100777  push    0
    100779  push    6
    10077b  jmp     0x0000000000100802

vector 7:
    100780  push    0
    100782  push    7
    100784  jmp     short 0x0000000000100802

vector 8:
    100786  push    8
    100788  jmp     short 0x0000000000100802

vector 9:
    10078a  push    0
    10078c  push    9
    10078e  jmp     short 0x0000000000100802

vector 10:
    100790  push    0xA
    100792  jmp     short 0x0000000000100802

vector 11:
    100794  push    0xB
    100796  jmp     short 0x0000000000100802

vector 12:
    100798  push    0xC
    10079a  jmp     short 0x0000000000100802

vector 13:
    10079c  push    0xD
    10079e  jmp     short 0x0000000000100802

vector 14:
    1007a0  push    0xE
    1007a2  jmp     short 0x0000000000100802

vector 15:
    1007a4  push    0
    1007a6  push    0xF
    1007a8  jmp     short 0x0000000000100802

vector 16:
    1007aa  push    0
    1007ac  push    0x10
    1007ae  jmp     short 0x0000000000100802

vector 17:
    1007b0  push    0x11
    1007b2  jmp     short 0x0000000000100802

vector 18:
    1007b4  push    0
    1007b6  push    0x12
    1007b8  jmp     short 0x0000000000100802

vector 19:
    1007ba  push    0
    1007bc  push    0x13
    1007be  jmp     short 0x0000000000100802

vector 20:
    1007c0  push    0
    1007c2  push    0x14
    1007c4  jmp     short 0x0000000000100802

vector 21:
    1007c6  push    0x15
    1007c8  jmp     short 0x0000000000100802

vector 22:
    1007ca  push    0
    1007cc  push    0x16
    1007ce  jmp     short 0x0000000000100802

vector 23:
    1007d0  push    0
    1007d2  push    0x17
    1007d4  jmp     short 0x0000000000100802

vector 24:
    1007d6  push    0
    1007d8  push    0x18
    1007da  jmp     short 0x0000000000100802

vector 25:
    1007dc  push    0
    1007de  push    0x19
    1007e0  jmp     short 0x0000000000100802

vector 26:
    1007e2  push    0
    1007e4  push    0x1A
    1007e6  jmp     short 0x0000000000100802

vector 27:
    1007e8  push    0
    1007ea  push    0x1B
    1007ec  jmp     short 0x0000000000100802

vector 28:
    1007ee  push    0
    1007f0  push    0x1C
    1007f2  jmp     short 0x0000000000100802

vector 29:
    1007f4  push    0x1D
    1007f6  jmp     short 0x0000000000100802

vector 30:
    1007f8  push    0x1E
    1007fa  jmp     short 0x0000000000100802

vector 31:
    1007fc  push    0
    1007fe  push    0x1F
    100800  jmp     short 0x0000000000100802
    100802  cmp     dword [0x101204], 0
    10080a  jne     near 0x0000000000100935
    100810  mov     dword [0x101204], 1
    10081b  mov     [qword 0x10E200], rax
    100825  mov     [0x10E208], rcx
    10082d  mov     [0x10E210], rdx
    100835  mov     [0x10E218], rbx
    10083d  mov     [0x10E220], rsp
    100845  mov     [0x10E228], rbp
    10084d  mov     [0x10E230], rsi
    100855  mov     [0x10E238], rdi
    10085d  mov     [0x10E240], r8
    100865  mov     [0x10E248], r9
    10086d  mov     [0x10E250], r10
    100875  mov     [0x10E258], r11
    10087d  mov     [0x10E260], r12
    100885  mov     [0x10E268], r13
    10088d  mov     [0x10E270], r14
    100895  mov     [0x10E278], r15
    10089d  mov     rax, [rsp]
    1008a1  mov     [qword 0x10E280], rax
    1008ab  mov     rax, [rsp+8]
    1008b0  mov     [qword 0x10E288], rax
    1008ba  mov     rax, [rsp+0x10]
    1008bf  mov     [qword 0x10E290], rax
    1008c9  mov     rax, [rsp+0x18]
    1008ce  mov     [qword 0x10E298], rax
    1008d8  mov     rax, [rsp+0x20]
    1008dd  mov     [qword 0x10E2A0], rax
    1008e7  mov     rax, [rsp+0x28]
    1008ec  mov     [qword 0x10E2A8], rax
    1008f6  mov     rax, [rsp+0x30]
    1008fb  mov     [qword 0x10E2B0], rax
    100905  mov     rax, cr2
    100908  mov     [qword 0x10E2B8], rax
    100912  mov     edi, 0x10E200
    100917  mov     rcx, [0x101318]
    10091f  sub     rcx, 8
    100923  xor     ebp, ebp
    100925  push    0x2B
    100927  push    rcx
    100928  push    2
    10092a  push    0x33
    10092c  push    qword [0x101310]
    100933  iretq
    100935  mov     edx, 0xF4
    10093a  mov     eax, 0x11
    10093f  out     dx, al
    100940  cli
    100941  hlt
    100942  jmp     short 0x0000000000100940
