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
    1005f8  jae     near 0x00000000001006F9
    1005fe  cmp     rax, 5
    100604  ja      short 0x000000000010064B
    100606  cmp     dword [0x101200], 0
    10060e  je      short 0x000000000010064B
    100610  cmp     edx, 0x3F8
    100616  jb      short 0x0000000000100620
    100618  cmp     edx, 0x3FF
    10061e  jbe     short 0x000000000010064B
    100620  cmp     edx, 0xF4
    100626  je      short 0x000000000010064B
    100628  cmp     edx, 0x64
    10062b  je      short 0x000000000010064B
    10062d  cmp     edx, 0xCF9
    100633  je      short 0x000000000010064B
    100635  cmp     edx, [0x10120C]
    10063c  je      short 0x000000000010064B
    10063e  cmp     edx, [0x101210]
    100645  jne     near 0x00000000001006F9
    10064b  jmp     qword [rax*8+0x100F80]

service In8:
    100652  in      al, dx
    100653  movzx   eax, al
    100656  iretq

service In16:
    100658  in      ax, dx
    10065a  movzx   eax, ax
    10065d  iretq

service In32:
    10065f  in      eax, dx
    100660  iretq

service Out8:
    100662  mov     eax, ecx
    100664  out     dx, al
    100665  iretq

service Out16:
    100667  mov     eax, ecx
    100669  out     dx, ax
    10066b  iretq

service Out32:
    10066d  mov     eax, ecx
    10066f  out     dx, eax
    100670  iretq

service Halt:
    100672  sti
    100673  hlt
    100674  cli
    100675  iretq

service ReadMsr:
    100677  mov     ecx, edx
    100679  rdmsr
    10067b  shl     rdx, 0x20
    10067f  mov     eax, eax
    100681  or      rax, rdx
    100684  iretq

service WriteMsr:
    100686  cmp     edx, 0x6E0
    10068c  je      short 0x00000000001006A0
    10068e  cmp     edx, 0x838
    100694  je      short 0x00000000001006A0
    100696  cmp     dword [0x101200], 0
    10069e  jne     short 0x00000000001006F9
    1006a0  mov     rax, rcx
    1006a3  mov     ecx, edx
    1006a5  mov     rdx, rax
    1006a8  shr     rdx, 0x20
    1006ac  wrmsr
    1006ae  iretq

service LoadPageTables:
    1006b0  cmp     dword [0x101200], 0
    1006b8  jne     short 0x00000000001006F9
    1006ba  mov     cr3, rdx
    1006bd  iretq

service Seal:
    1006bf  cmp     dword [0x101200], 0
    1006c7  jne     short 0x00000000001006F9
    1006c9  movzx   edx, dx
    1006cc  movzx   ecx, cx
    1006cf  mov     [0x10120C], edx
    1006d6  mov     [0x101210], ecx
    1006dd  mov     dword [0x101200], 1
    1006e8  mov     rax, cr3
    1006eb  mov     cr3, rax
    1006ee  iretq

service Reset:
    1006f0  push    0
    1006f2  push    0
    1006f4  lidt    [rsp]
    1006f8  int3
    1006f9  ud2

vector 32:
    1006fb  inc     dword [0x10E100]
    100702  jmp     0x0000000000100791

vector 33:
    100707  inc     dword [0x10E104]
    10070e  jmp     0x0000000000100791

vector 34:
    100713  inc     dword [0x10E108]
    10071a  jmp     short 0x0000000000100791

vector 35:
    10071c  inc     dword [0x10E10C]
    100723  jmp     short 0x0000000000100791

vector 36:
    100725  inc     dword [0x10E110]
    10072c  jmp     short 0x0000000000100791

vector 37:
    10072e  inc     dword [0x10E114]
    100735  jmp     short 0x0000000000100791

vector 38:
    100737  inc     dword [0x10E118]
    10073e  jmp     short 0x0000000000100791

vector 39:
    100740  inc     dword [0x10E11C]
    100747  jmp     short 0x0000000000100791

vector 40:
    100749  inc     dword [0x10E120]
    100750  jmp     short 0x0000000000100791

vector 41:
    100752  inc     dword [0x10E124]
    100759  jmp     short 0x0000000000100791

vector 42:
    10075b  inc     dword [0x10E128]
    100762  jmp     short 0x0000000000100791

vector 43:
    100764  inc     dword [0x10E12C]
    10076b  jmp     short 0x0000000000100791

vector 44:
    10076d  inc     dword [0x10E130]
    100774  jmp     short 0x0000000000100791

vector 45:
    100776  inc     dword [0x10E134]
    10077d  jmp     short 0x0000000000100791

vector 46:
    10077f  inc     dword [0x10E138]
    100786  jmp     short 0x0000000000100791

vector 47:
    100788  inc     dword [0x10E13C]
    10078f  jmp     short 0x0000000000100791
    100791  push    rax
    100792  cmp     dword [0x101208], 0
    10079a  jne     short 0x00000000001007AA
    10079c  mov     eax, 0xFEE000B0
    1007a1  mov     dword [rax], 0
    1007a7  pop     rax
    1007a8  iretq
    1007aa  push    rcx
    1007ab  push    rdx
    1007ac  mov     ecx, 0x80B
    1007b1  xor     eax, eax
    1007b3  xor     edx, edx
    1007b5  wrmsr
    1007b7  pop     rdx
    1007b8  pop     rcx
    1007b9  pop     rax
    1007ba  iretq

vector 255:
    1007bc  iretq

vector 0:
    1007be  push    0
    1007c0  push    0
    1007c2  jmp     0x0000000000100876

vector 1:
    1007c7  push    0
    1007c9  push    1
    1007cb  jmp     0x0000000000100876

vector 2:
    1007d0  push    0
    1007d2  push    2
    1007d4  jmp     0x0000000000100876

vector 4:
    1007d9  push    0
    1007db  push    4
    1007dd  jmp     0x0000000000100876

vector 5:
    1007e2  push    0
    1007e4  push    5
    1007e6  jmp     0x0000000000100876

vector 6:
    1007eb  push    0
    1007ed  push    6
    1007ef  jmp     0x0000000000100876

vector 7:
    1007f4  push    0
    1007f6  push    7
    1007f8  jmp     short 0x0000000000100876

vector 8:
    1007fa  push    8
    1007fc  jmp     short 0x0000000000100876

vector 9:
    1007fe  push    0
    100800  push    9
    100802  jmp     short 0x0000000000100876

vector 10:
    100804  push    0xA
    100806  jmp     short 0x0000000000100876

vector 11:
    100808  push    0xB
    10080a  jmp     short 0x0000000000100876

vector 12:
    10080c  push    0xC
    10080e  jmp     short 0x0000000000100876

vector 13:
    100810  push    0xD
    100812  jmp     short 0x0000000000100876

vector 14:
    100814  push    0xE
    100816  jmp     short 0x0000000000100876

vector 15:
    100818  push    0
    10081a  push    0xF
    10081c  jmp     short 0x0000000000100876

vector 16:
    10081e  push    0
    100820  push    0x10
    100822  jmp     short 0x0000000000100876

vector 17:
    100824  push    0x11
    100826  jmp     short 0x0000000000100876

vector 18:
    100828  push    0
    10082a  push    0x12
    10082c  jmp     short 0x0000000000100876

vector 19:
    10082e  push    0
    100830  push    0x13
    100832  jmp     short 0x0000000000100876

vector 20:
    100834  push    0
    100836  push    0x14
    100838  jmp     short 0x0000000000100876

vector 21:
    10083a  push    0x15
    10083c  jmp     short 0x0000000000100876

vector 22:
    10083e  push    0
    100840  push    0x16
    100842  jmp     short 0x0000000000100876

vector 23:
    100844  push    0
    100846  push    0x17
    100848  jmp     short 0x0000000000100876

vector 24:
    10084a  push    0
    10084c  push    0x18
    10084e  jmp     short 0x0000000000100876

vector 25:
    100850  push    0
    100852  push    0x19
    100854  jmp     short 0x0000000000100876

vector 26:
    100856  push    0
    100858  push    0x1A
    10085a  jmp     short 0x0000000000100876

vector 27:
    10085c  push    0
    10085e  push    0x1B
    100860  jmp     short 0x0000000000100876

vector 28:
    100862  push    0
    100864  push    0x1C
    100866  jmp     short 0x0000000000100876

vector 29:
    100868  push    0x1D
    10086a  jmp     short 0x0000000000100876

vector 30:
    10086c  push    0x1E
    10086e  jmp     short 0x0000000000100876

vector 31:
    100870  push    0
    100872  push    0x1F
    100874  jmp     short 0x0000000000100876
    100876  cmp     dword [0x101204], 0
    10087e  jne     near 0x00000000001009A9
    100884  mov     dword [0x101204], 1
    10088f  mov     [qword 0x10E200], rax
    100899  mov     [0x10E208], rcx
    1008a1  mov     [0x10E210], rdx
    1008a9  mov     [0x10E218], rbx
    1008b1  mov     [0x10E220], rsp
    1008b9  mov     [0x10E228], rbp
    1008c1  mov     [0x10E230], rsi
    1008c9  mov     [0x10E238], rdi
    1008d1  mov     [0x10E240], r8
    1008d9  mov     [0x10E248], r9
    1008e1  mov     [0x10E250], r10
    1008e9  mov     [0x10E258], r11
    1008f1  mov     [0x10E260], r12
    1008f9  mov     [0x10E268], r13
    100901  mov     [0x10E270], r14
    100909  mov     [0x10E278], r15
    100911  mov     rax, [rsp]
    100915  mov     [qword 0x10E280], rax
    10091f  mov     rax, [rsp+8]
    100924  mov     [qword 0x10E288], rax
    10092e  mov     rax, [rsp+0x10]
    100933  mov     [qword 0x10E290], rax
    10093d  mov     rax, [rsp+0x18]
    100942  mov     [qword 0x10E298], rax
    10094c  mov     rax, [rsp+0x20]
    100951  mov     [qword 0x10E2A0], rax
    10095b  mov     rax, [rsp+0x28]
    100960  mov     [qword 0x10E2A8], rax
    10096a  mov     rax, [rsp+0x30]
    10096f  mov     [qword 0x10E2B0], rax
    100979  mov     rax, cr2
    10097c  mov     [qword 0x10E2B8], rax
    100986  mov     edi, 0x10E200
    10098b  mov     rcx, [0x101318]
    100993  sub     rcx, 8
    100997  xor     ebp, ebp
    100999  push    0x2B
    10099b  push    rcx
    10099c  push    2
    10099e  push    0x33
    1009a0  push    qword [0x101310]
    1009a7  iretq
    1009a9  mov     edx, 0xF4
    1009ae  mov     eax, 0x11
    1009b3  out     dx, al
    1009b4  cli
    1009b5  hlt
    1009b6  jmp     short 0x00000000001009B4
