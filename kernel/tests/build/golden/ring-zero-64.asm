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
    1005f8  jae     near 0x00000000001006E6
    1005fe  cmp     rax, 5
    100604  ja      short 0x0000000000100642
    100606  cmp     dword [0x101200], 0
    10060e  je      short 0x0000000000100642
    100610  cmp     edx, 0x3F8
    100616  jb      short 0x0000000000100620
    100618  cmp     edx, 0x3FF
    10061e  jbe     short 0x0000000000100642
    100620  cmp     edx, 0xF4
    100626  je      short 0x0000000000100642
    100628  cmp     edx, 0x64
    10062b  je      short 0x0000000000100642
    10062d  cmp     edx, 0xCF9
    100633  je      short 0x0000000000100642
    100635  cmp     edx, [0x10120C]
    10063c  jne     near 0x00000000001006E6
    100642  jmp     qword [rax*8+0x100F80]

service In8:
    100649  in      al, dx
    10064a  movzx   eax, al
    10064d  iretq

service In16:
    10064f  in      ax, dx
    100651  movzx   eax, ax
    100654  iretq

service In32:
    100656  in      eax, dx
    100657  iretq

service Out8:
    100659  mov     eax, ecx
    10065b  out     dx, al
    10065c  iretq

service Out16:
    10065e  mov     eax, ecx
    100660  out     dx, ax
    100662  iretq

service Out32:
    100664  mov     eax, ecx
    100666  out     dx, eax
    100667  iretq

service Halt:
    100669  sti
    10066a  hlt
    10066b  cli
    10066c  iretq

service ReadMsr:
    10066e  mov     ecx, edx
    100670  rdmsr
    100672  shl     rdx, 0x20
    100676  mov     eax, eax
    100678  or      rax, rdx
    10067b  iretq

service WriteMsr:
    10067d  cmp     edx, 0x6E0
    100683  je      short 0x0000000000100697
    100685  cmp     edx, 0x838
    10068b  je      short 0x0000000000100697
    10068d  cmp     dword [0x101200], 0
    100695  jne     short 0x00000000001006E6
    100697  mov     rax, rcx
    10069a  mov     ecx, edx
    10069c  mov     rdx, rax
    10069f  shr     rdx, 0x20
    1006a3  wrmsr
    1006a5  iretq

service LoadPageTables:
    1006a7  cmp     dword [0x101200], 0
    1006af  jne     short 0x00000000001006E6
    1006b1  mov     cr3, rdx
    1006b4  iretq

service Seal:
    1006b6  cmp     dword [0x101200], 0
    1006be  jne     short 0x00000000001006E6
    1006c0  movzx   edx, dx
    1006c3  mov     [0x10120C], edx
    1006ca  mov     dword [0x101200], 1
    1006d5  mov     rax, cr3
    1006d8  mov     cr3, rax
    1006db  iretq

service Reset:
    1006dd  push    0
    1006df  push    0
    1006e1  lidt    [rsp]
    1006e5  int3
    1006e6  ud2

vector 32:
    1006e8  inc     dword [0x10E100]
    1006ef  jmp     0x000000000010077E

vector 33:
    1006f4  inc     dword [0x10E104]
    1006fb  jmp     0x000000000010077E

vector 34:
    100700  inc     dword [0x10E108]
    100707  jmp     short 0x000000000010077E

vector 35:
    100709  inc     dword [0x10E10C]
    100710  jmp     short 0x000000000010077E

vector 36:
    100712  inc     dword [0x10E110]
    100719  jmp     short 0x000000000010077E

vector 37:
    10071b  inc     dword [0x10E114]
    100722  jmp     short 0x000000000010077E

vector 38:
    100724  inc     dword [0x10E118]
    10072b  jmp     short 0x000000000010077E

vector 39:
    10072d  inc     dword [0x10E11C]
    100734  jmp     short 0x000000000010077E

vector 40:
    100736  inc     dword [0x10E120]
    10073d  jmp     short 0x000000000010077E

vector 41:
    10073f  inc     dword [0x10E124]
    100746  jmp     short 0x000000000010077E

vector 42:
    100748  inc     dword [0x10E128]
    10074f  jmp     short 0x000000000010077E

vector 43:
    100751  inc     dword [0x10E12C]
    100758  jmp     short 0x000000000010077E

vector 44:
    10075a  inc     dword [0x10E130]
    100761  jmp     short 0x000000000010077E

vector 45:
    100763  inc     dword [0x10E134]
    10076a  jmp     short 0x000000000010077E

vector 46:
    10076c  inc     dword [0x10E138]
    100773  jmp     short 0x000000000010077E

vector 47:
    100775  inc     dword [0x10E13C]
    10077c  jmp     short 0x000000000010077E
    10077e  push    rax
    10077f  cmp     dword [0x101208], 0
    100787  jne     short 0x0000000000100797
    100789  mov     eax, 0xFEE000B0
    10078e  mov     dword [rax], 0
    100794  pop     rax
    100795  iretq
    100797  push    rcx
    100798  push    rdx
    100799  mov     ecx, 0x80B
    10079e  xor     eax, eax
    1007a0  xor     edx, edx
    1007a2  wrmsr
    1007a4  pop     rdx
    1007a5  pop     rcx
    1007a6  pop     rax
    1007a7  iretq

vector 255:
    1007a9  iretq

vector 0:
    1007ab  push    0
    1007ad  push    0
    1007af  jmp     0x0000000000100863

vector 1:
    1007b4  push    0
    1007b6  push    1
    1007b8  jmp     0x0000000000100863

vector 2:
    1007bd  push    0
    1007bf  push    2
    1007c1  jmp     0x0000000000100863

vector 4:
    1007c6  push    0
    1007c8  push    4
    1007ca  jmp     0x0000000000100863

vector 5:
    1007cf  push    0
    1007d1  push    5
    1007d3  jmp     0x0000000000100863

vector 6:
    1007d8  push    0
    1007da  push    6
    1007dc  jmp     0x0000000000100863

vector 7:
    1007e1  push    0
    1007e3  push    7
    1007e5  jmp     short 0x0000000000100863

vector 8:
    1007e7  push    8
    1007e9  jmp     short 0x0000000000100863

vector 9:
    1007eb  push    0
    1007ed  push    9
    1007ef  jmp     short 0x0000000000100863

vector 10:
    1007f1  push    0xA
    1007f3  jmp     short 0x0000000000100863

vector 11:
    1007f5  push    0xB
    1007f7  jmp     short 0x0000000000100863

vector 12:
    1007f9  push    0xC
    1007fb  jmp     short 0x0000000000100863

vector 13:
    1007fd  push    0xD
    1007ff  jmp     short 0x0000000000100863

vector 14:
    100801  push    0xE
    100803  jmp     short 0x0000000000100863

vector 15:
    100805  push    0
    100807  push    0xF
    100809  jmp     short 0x0000000000100863

vector 16:
    10080b  push    0
    10080d  push    0x10
    10080f  jmp     short 0x0000000000100863

vector 17:
    100811  push    0x11
    100813  jmp     short 0x0000000000100863

vector 18:
    100815  push    0
    100817  push    0x12
    100819  jmp     short 0x0000000000100863

vector 19:
    10081b  push    0
    10081d  push    0x13
    10081f  jmp     short 0x0000000000100863

vector 20:
    100821  push    0
    100823  push    0x14
    100825  jmp     short 0x0000000000100863

vector 21:
    100827  push    0x15
    100829  jmp     short 0x0000000000100863

vector 22:
    10082b  push    0
    10082d  push    0x16
    10082f  jmp     short 0x0000000000100863

vector 23:
    100831  push    0
    100833  push    0x17
    100835  jmp     short 0x0000000000100863

vector 24:
    100837  push    0
    100839  push    0x18
    10083b  jmp     short 0x0000000000100863

vector 25:
    10083d  push    0
    10083f  push    0x19
    100841  jmp     short 0x0000000000100863

vector 26:
    100843  push    0
    100845  push    0x1A
    100847  jmp     short 0x0000000000100863

vector 27:
    100849  push    0
    10084b  push    0x1B
    10084d  jmp     short 0x0000000000100863

vector 28:
    10084f  push    0
    100851  push    0x1C
    100853  jmp     short 0x0000000000100863

vector 29:
    100855  push    0x1D
    100857  jmp     short 0x0000000000100863

vector 30:
    100859  push    0x1E
    10085b  jmp     short 0x0000000000100863

vector 31:
    10085d  push    0
    10085f  push    0x1F
    100861  jmp     short 0x0000000000100863
    100863  cmp     dword [0x101204], 0
    10086b  jne     near 0x0000000000100996
    100871  mov     dword [0x101204], 1
    10087c  mov     [qword 0x10E200], rax
    100886  mov     [0x10E208], rcx
    10088e  mov     [0x10E210], rdx
    100896  mov     [0x10E218], rbx
    10089e  mov     [0x10E220], rsp
    1008a6  mov     [0x10E228], rbp
    1008ae  mov     [0x10E230], rsi
    1008b6  mov     [0x10E238], rdi
    1008be  mov     [0x10E240], r8
    1008c6  mov     [0x10E248], r9
    1008ce  mov     [0x10E250], r10
    1008d6  mov     [0x10E258], r11
    1008de  mov     [0x10E260], r12
    1008e6  mov     [0x10E268], r13
    1008ee  mov     [0x10E270], r14
    1008f6  mov     [0x10E278], r15
    1008fe  mov     rax, [rsp]
    100902  mov     [qword 0x10E280], rax
    10090c  mov     rax, [rsp+8]
    100911  mov     [qword 0x10E288], rax
    10091b  mov     rax, [rsp+0x10]
    100920  mov     [qword 0x10E290], rax
    10092a  mov     rax, [rsp+0x18]
    10092f  mov     [qword 0x10E298], rax
    100939  mov     rax, [rsp+0x20]
    10093e  mov     [qword 0x10E2A0], rax
    100948  mov     rax, [rsp+0x28]
    10094d  mov     [qword 0x10E2A8], rax
    100957  mov     rax, [rsp+0x30]
    10095c  mov     [qword 0x10E2B0], rax
    100966  mov     rax, cr2
    100969  mov     [qword 0x10E2B8], rax
    100973  mov     edi, 0x10E200
    100978  mov     rcx, [0x101318]
    100980  sub     rcx, 8
    100984  xor     ebp, ebp
    100986  push    0x2B
    100988  push    rcx
    100989  push    2
    10098b  push    0x33
    10098d  push    qword [0x101310]
    100994  iretq
    100996  mov     edx, 0xF4
    10099b  mov     eax, 0x11
    1009a0  out     dx, al
    1009a1  cli
    1009a2  hlt
    1009a3  jmp     short 0x00000000001009A1
