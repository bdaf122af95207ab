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
    1005f2  cmp     rax, 0xC
    1005f8  jae     near 0x00000000001006CA
    1005fe  cmp     rax, 5
    100604  ja      short 0x000000000010063A
    100606  cmp     dword [0x101200], 0
    10060e  je      short 0x000000000010063A
    100610  cmp     edx, 0x3F8
    100616  jb      short 0x0000000000100620
    100618  cmp     edx, 0x3FF
    10061e  jbe     short 0x000000000010063A
    100620  cmp     edx, 0xF4
    100626  je      short 0x000000000010063A
    100628  cmp     edx, 0x64
    10062b  je      short 0x000000000010063A
    10062d  cmp     edx, 0xCF9
    100633  je      short 0x000000000010063A
    100635  jmp     0x00000000001006CA
    10063a  jmp     qword [rax*8+0x100F80]

service In8:
    100641  in      al, dx
    100642  movzx   eax, al
    100645  iretq

service In16:
    100647  in      ax, dx
    100649  movzx   eax, ax
    10064c  iretq

service In32:
    10064e  in      eax, dx
    10064f  iretq

service Out8:
    100651  mov     eax, ecx
    100653  out     dx, al
    100654  iretq

service Out16:
    100656  mov     eax, ecx
    100658  out     dx, ax
    10065a  iretq

service Out32:
    10065c  mov     eax, ecx
    10065e  out     dx, eax
    10065f  iretq

service Halt:
    100661  sti
    100662  hlt
    100663  cli
    100664  iretq

service ReadMsr:
    100666  mov     ecx, edx
    100668  rdmsr
    10066a  shl     rdx, 0x20
    10066e  mov     eax, eax
    100670  or      rax, rdx
    100673  iretq

service WriteMsr:
    100675  cmp     edx, 0x6E0
    10067b  je      short 0x000000000010068F
    10067d  cmp     edx, 0x838
    100683  je      short 0x000000000010068F
    100685  cmp     dword [0x101200], 0
    10068d  jne     short 0x00000000001006CA
    10068f  mov     rax, rcx
    100692  mov     ecx, edx
    100694  mov     rdx, rax
    100697  shr     rdx, 0x20
    10069b  wrmsr
    10069d  iretq

service LoadPageTables:
    10069f  cmp     dword [0x101200], 0
    1006a7  jne     short 0x00000000001006CA
    1006a9  mov     cr3, rdx
    1006ac  iretq

service Seal:
    1006ae  mov     dword [0x101200], 1
    1006b9  mov     rax, cr3
    1006bc  mov     cr3, rax
    1006bf  iretq

service Reset:
    1006c1  push    0
    1006c3  push    0
    1006c5  lidt    [rsp]
    1006c9  int3
    1006ca  ud2

vector 32:
    1006cc  inc     dword [0x10E100]
    1006d3  jmp     0x0000000000100762

vector 33:
    1006d8  inc     dword [0x10E104]
    1006df  jmp     0x0000000000100762

vector 34:
    1006e4  inc     dword [0x10E108]
    1006eb  jmp     short 0x0000000000100762

vector 35:
    1006ed  inc     dword [0x10E10C]
    1006f4  jmp     short 0x0000000000100762

vector 36:
    1006f6  inc     dword [0x10E110]
    1006fd  jmp     short 0x0000000000100762

vector 37:
    1006ff  inc     dword [0x10E114]
    100706  jmp     short 0x0000000000100762

vector 38:
    100708  inc     dword [0x10E118]
    10070f  jmp     short 0x0000000000100762

vector 39:
    100711  inc     dword [0x10E11C]
    100718  jmp     short 0x0000000000100762

vector 40:
    10071a  inc     dword [0x10E120]
    100721  jmp     short 0x0000000000100762

vector 41:
    100723  inc     dword [0x10E124]
    10072a  jmp     short 0x0000000000100762

vector 42:
    10072c  inc     dword [0x10E128]
    100733  jmp     short 0x0000000000100762

vector 43:
    100735  inc     dword [0x10E12C]
    10073c  jmp     short 0x0000000000100762

vector 44:
    10073e  inc     dword [0x10E130]
    100745  jmp     short 0x0000000000100762

vector 45:
    100747  inc     dword [0x10E134]
    10074e  jmp     short 0x0000000000100762

vector 46:
    100750  inc     dword [0x10E138]
    100757  jmp     short 0x0000000000100762

vector 47:
    100759  inc     dword [0x10E13C]
    100760  jmp     short 0x0000000000100762
    100762  push    rax
    100763  cmp     dword [0x101208], 0
    10076b  jne     short 0x000000000010077B
    10076d  mov     eax, 0xFEE000B0
    100772  mov     dword [rax], 0
    100778  pop     rax
    100779  iretq
    10077b  push    rcx
    10077c  push    rdx
    10077d  mov     ecx, 0x80B
    100782  xor     eax, eax
    100784  xor     edx, edx
    100786  wrmsr
    100788  pop     rdx
    100789  pop     rcx
    10078a  pop     rax
    10078b  iretq

vector 255:
    10078d  iretq

vector 0:
    10078f  push    0
    100791  push    0
    100793  jmp     0x0000000000100847

vector 1:
    100798  push    0
    10079a  push    1
    10079c  jmp     0x0000000000100847

vector 2:
    1007a1  push    0
    1007a3  push    2
    1007a5  jmp     0x0000000000100847

vector 4:
    1007aa  push    0
    1007ac  push    4
    1007ae  jmp     0x0000000000100847

vector 5:
    1007b3  push    0
    1007b5  push    5
    1007b7  jmp     0x0000000000100847

vector 6:
    1007bc  push    0
    1007be  push    6
    1007c0  jmp     0x0000000000100847

vector 7:
    1007c5  push    0
    1007c7  push    7
    1007c9  jmp     short 0x0000000000100847

vector 8:
    1007cb  push    8
    1007cd  jmp     short 0x0000000000100847

vector 9:
    1007cf  push    0
    1007d1  push    9
    1007d3  jmp     short 0x0000000000100847

vector 10:
    1007d5  push    0xA
    1007d7  jmp     short 0x0000000000100847

vector 11:
    1007d9  push    0xB
    1007db  jmp     short 0x0000000000100847

vector 12:
    1007dd  push    0xC
    1007df  jmp     short 0x0000000000100847

vector 13:
    1007e1  push    0xD
    1007e3  jmp     short 0x0000000000100847

vector 14:
    1007e5  push    0xE
    1007e7  jmp     short 0x0000000000100847

vector 15:
    1007e9  push    0
    1007eb  push    0xF
    1007ed  jmp     short 0x0000000000100847

vector 16:
    1007ef  push    0
    1007f1  push    0x10
    1007f3  jmp     short 0x0000000000100847

vector 17:
    1007f5  push    0x11
    1007f7  jmp     short 0x0000000000100847

vector 18:
    1007f9  push    0
    1007fb  push    0x12
    1007fd  jmp     short 0x0000000000100847

vector 19:
    1007ff  push    0
    100801  push    0x13
    100803  jmp     short 0x0000000000100847

vector 20:
    100805  push    0
    100807  push    0x14
    100809  jmp     short 0x0000000000100847

vector 21:
    10080b  push    0x15
    10080d  jmp     short 0x0000000000100847

vector 22:
    10080f  push    0
    100811  push    0x16
    100813  jmp     short 0x0000000000100847

vector 23:
    100815  push    0
    100817  push    0x17
    100819  jmp     short 0x0000000000100847

vector 24:
    10081b  push    0
    10081d  push    0x18
    10081f  jmp     short 0x0000000000100847

vector 25:
    100821  push    0
    100823  push    0x19
    100825  jmp     short 0x0000000000100847

vector 26:
    100827  push    0
    100829  push    0x1A
    10082b  jmp     short 0x0000000000100847

vector 27:
    10082d  push    0
    10082f  push    0x1B
    100831  jmp     short 0x0000000000100847

vector 28:
    100833  push    0
    100835  push    0x1C
    100837  jmp     short 0x0000000000100847

vector 29:
    100839  push    0x1D
    10083b  jmp     short 0x0000000000100847

vector 30:
    10083d  push    0x1E
    10083f  jmp     short 0x0000000000100847

vector 31:
    100841  push    0
    100843  push    0x1F
    100845  jmp     short 0x0000000000100847
    100847  cmp     dword [0x101204], 0
    10084f  jne     near 0x000000000010097A
    100855  mov     dword [0x101204], 1
    100860  mov     [qword 0x10E200], rax
    10086a  mov     [0x10E208], rcx
    100872  mov     [0x10E210], rdx
    10087a  mov     [0x10E218], rbx
    100882  mov     [0x10E220], rsp
    10088a  mov     [0x10E228], rbp
    100892  mov     [0x10E230], rsi
    10089a  mov     [0x10E238], rdi
    1008a2  mov     [0x10E240], r8
    1008aa  mov     [0x10E248], r9
    1008b2  mov     [0x10E250], r10
    1008ba  mov     [0x10E258], r11
    1008c2  mov     [0x10E260], r12
    1008ca  mov     [0x10E268], r13
    1008d2  mov     [0x10E270], r14
    1008da  mov     [0x10E278], r15
    1008e2  mov     rax, [rsp]
    1008e6  mov     [qword 0x10E280], rax
    1008f0  mov     rax, [rsp+8]
    1008f5  mov     [qword 0x10E288], rax
    1008ff  mov     rax, [rsp+0x10]
    100904  mov     [qword 0x10E290], rax
    10090e  mov     rax, [rsp+0x18]
    100913  mov     [qword 0x10E298], rax
    10091d  mov     rax, [rsp+0x20]
    100922  mov     [qword 0x10E2A0], rax
    10092c  mov     rax, [rsp+0x28]
    100931  mov     [qword 0x10E2A8], rax
    10093b  mov     rax, [rsp+0x30]
    100940  mov     [qword 0x10E2B0], rax
    10094a  mov     rax, cr2
    10094d  mov     [qword 0x10E2B8], rax
    100957  mov     edi, 0x10E200
    10095c  mov     rcx, [0x101318]
    100964  sub     rcx, 8
    100968  xor     ebp, ebp
    10096a  push    0x2B
    10096c  push    rcx
    10096d  push    2
    10096f  push    0x33
    100971  push    qword [0x101310]
    100978  iretq
    10097a  mov     edx, 0xF4
    10097f  mov     eax, 0x11
    100984  out     dx, al
    100985  cli
    100986  hlt
    100987  jmp     short 0x0000000000100985
