start-16:
    008008  cli
    008009  cld
    00800a  xor     ax, ax
    00800c  mov     ds, ax
    00800e  mov     es, ax
    008010  mov     ss, ax
    008012  mov     sp, 0x7C00
    008015  mov     [0x907C], dl
    008019  mov     eax, 0x80000000
    00801f  cpuid
    008021  cmp     eax, 0x80000001
    008027  jb      short 0x809D
    008029  mov     eax, 0x80000001
    00802f  cpuid
    008031  bt      edx, 0x1D
    008036  jae     short 0x809D
    008038  mov     eax, cr0
    00803b  mov     [0x9070], eax
    00803f  mov     eax, cr4
    008042  mov     [0x9074], eax
    008046  xor     eax, eax
    008049  mov     di, 0x1000
    00804c  mov     cx, 0x1800
    00804f  rep stosd
    008052  mov     dword [0x1000], 0x2003
    00805b  mov     dword [0x2000], 0x3003
    008064  mov     dword [0x2008], 0x4003
    00806d  mov     dword [0x2010], 0x5003
    008076  mov     dword [0x2018], 0x6003
    00807f  mov     di, 0x3000
    008082  mov     eax, 0x83
    008088  mov     [di], eax
    00808b  add     di, 8
    00808e  add     eax, 0x200000
    008094  cmp     di, 0x7000
    008098  jb      short 0x8088
    00809a  jmp     0x8140
    00809d  mov     si, 0x9400
    0080a0  lodsb
    0080a1  test    al, al
    0080a3  je      short 0x80C0
    0080a5  push    ax
    0080a6  mov     ah, 0xE
    0080a8  mov     bx, 7
    0080ab  int     0x10
    0080ad  mov     dx, 0x3FD
    0080b0  xor     cx, cx
    0080b2  in      al, dx
    0080b3  test    al, 0x20
    0080b5  jne     short 0x80B9
    0080b7  loop    0x80B2
    0080b9  pop     ax
    0080ba  mov     dx, 0x3F8
    0080bd  out     dx, al
    0080be  jmp     short 0x80A0
    0080c0  hlt
    0080c1  jmp     short 0x80C0

enter-16:
    008140  lgdt    [0x9040]
    008145  mov     eax, cr0
    008148  or      al, 1
    00814a  mov     cr0, eax
    00814d  jmp     dword 8:0x00008160

enter-32:
    008160  mov     eax, 0x18
    008165  mov     ds, eax
    008167  mov     es, eax
    008169  mov     ss, eax
    00816b  mov     fs, eax
    00816d  mov     gs, eax
    00816f  mov     eax, [0x9074]
    008174  or      eax, 0x620
    008179  mov     cr4, eax
    00817c  mov     eax, 0x1000
    008181  mov     cr3, eax
    008184  mov     ecx, 0xC0000080
    008189  rdmsr
    00818b  or      eax, 0x100
    008190  wrmsr
    008192  mov     eax, [0x9070]
    008197  and     eax, 0xFFFFFFF3
    00819c  or      eax, 0x80000023
    0081a1  mov     cr0, eax
    0081a4  jmp     0x0010:0x00008200

code-64:
    008200  lidt    [0x9048]
    008208  cld
    008209  ldmxcsr [0x9078]
    008211  mov     rsp, [0x9060]
    008219  jmp     qword [0x9068]
    008220  mov     rdi, [0x90D0]
    008228  mov     rcx, [0x90D8]
    008230  sub     rcx, rdi
    008233  xor     eax, eax
    008235  rep stosb
    008237  rdtsc
    008239  mov     rcx, [0x90E0]
    008241  mov     [rcx], eax
    008243  xor     ebp, ebp
    008245  movzx   edi, byte [0x907C]
    00824d  call    qword [0x90C0]
    008254  ud2

bios_call:
    008256  push    rbx
    008257  push    rbp
    008258  push    r12
    00825a  push    r13
    00825c  push    r14
    00825e  push    r15
    008260  push    rdi
    008261  mov     eax, esi
    008263  mov     eax, [rax*4]
    00826a  mov     [qword 0x9080], eax
    008273  mov     rsi, rdi
    008276  mov     edi, 0x9100
    00827b  mov     ecx, 8
    008280  rep movsd
    008282  lea     rax, [rel 0x82A4]
    008289  mov     [qword 0x9068], rax
    008293  mov     [0x9060], rsp
    00829b  push    8
    00829d  push    0x8600
    0082a2  retfq
    0082a4  mov     rdi, [rsp]
    0082a8  mov     esi, 0x9100
    0082ad  mov     ecx, 8
    0082b2  rep movsd
    0082b4  pop     rdi
    0082b5  pop     r15
    0082b7  pop     r14
    0082b9  pop     r13
    0082bb  pop     r12
    0082bd  pop     rbp
    0082be  pop     rbx
    0082bf  ret

loader_enter:
    0082c0  jmp     0x000000000000A000

port_write:
    0082c5  mov     edx, edi
    0082c7  mov     eax, esi
    0082c9  out     dx, al
    0082ca  ret

port_read:
    0082cb  mov     edx, edi
    0082cd  xor     eax, eax
    0082cf  in      al, dx
    0082d0  ret

processor_halt:
    0082d1  cli
    0082d2  hlt
    0082d3  jmp     short 0x00000000000082D2

RhpAssignRef:
    0082d5  mov     [rdi], rsi
    0082d8  ret

RhpCheckedAssignRef:
    0082d9  mov     [rdi], rsi
    0082dc  ret

RhpByRefAssignRef:
    0082dd  mov     rcx, [rsi]
    0082e0  mov     [rdi], rcx
    0082e3  add     rdi, 8
    0082e7  add     rsi, 8
    0082eb  ret
    0082ec  push    0
    0082ee  push    0
    0082f0  jmp     0x00000000000083AD
    0082f5  push    0
    0082f7  push    1
    0082f9  jmp     0x00000000000083AD
    0082fe  push    0
    008300  push    2
    008302  jmp     0x00000000000083AD
    008307  push    0
    008309  push    3
    00830b  jmp     0x00000000000083AD
    008310  push    0
    008312  push    4
    008314  jmp     0x00000000000083AD
    008319  push    0
    00831b  push    5
    00831d  jmp     0x00000000000083AD
    008322  push    0
    008324  push    6
    008326  jmp     0x00000000000083AD
    00832b  push    0
    00832d  push    7
    00832f  jmp     short 0x00000000000083AD
    008331  push    8
    008333  jmp     short 0x00000000000083AD
    008335  push    0
    008337  push    9
    008339  jmp     short 0x00000000000083AD
    00833b  push    0xA
    00833d  jmp     short 0x00000000000083AD
    00833f  push    0xB
    008341  jmp     short 0x00000000000083AD
    008343  push    0xC
    008345  jmp     short 0x00000000000083AD
    008347  push    0xD
    008349  jmp     short 0x00000000000083AD
    00834b  push    0xE
    00834d  jmp     short 0x00000000000083AD
    00834f  push    0
    008351  push    0xF
    008353  jmp     short 0x00000000000083AD
    008355  push    0
    008357  push    0x10
    008359  jmp     short 0x00000000000083AD
    00835b  push    0x11
    00835d  jmp     short 0x00000000000083AD
    00835f  push    0
    008361  push    0x12
    008363  jmp     short 0x00000000000083AD
    008365  push    0
    008367  push    0x13
    008369  jmp     short 0x00000000000083AD
    00836b  push    0
    00836d  push    0x14
    00836f  jmp     short 0x00000000000083AD
    008371  push    0x15
    008373  jmp     short 0x00000000000083AD
    008375  push    0
    008377  push    0x16
    008379  jmp     short 0x00000000000083AD
    00837b  push    0
    00837d  push    0x17
    00837f  jmp     short 0x00000000000083AD
    008381  push    0
    008383  push    0x18
    008385  jmp     short 0x00000000000083AD
    008387  push    0
    008389  push    0x19
    00838b  jmp     short 0x00000000000083AD
    00838d  push    0
    00838f  push    0x1A
    008391  jmp     short 0x00000000000083AD
    008393  push    0
    008395  push    0x1B
    008397  jmp     short 0x00000000000083AD
    008399  push    0
    00839b  push    0x1C
    00839d  jmp     short 0x00000000000083AD
    00839f  push    0x1D
    0083a1  jmp     short 0x00000000000083AD
    0083a3  push    0x1E
    0083a5  jmp     short 0x00000000000083AD
    0083a7  push    0
    0083a9  push    0x1F
    0083ab  jmp     short 0x00000000000083AD
    0083ad  pop     rdi
    0083ae  pop     rsi
    0083af  mov     rdx, [rsp]
    0083b3  mov     rcx, cr2
    0083b6  and     rsp, 0xFFFFFFFFFFFFFFF0
    0083ba  cld
    0083bb  call    qword [0x90C8]
    0083c2  ud2

leave-32:
    008600  mov     eax, 0x18
    008605  mov     ds, eax
    008607  mov     ss, eax
    008609  mov     eax, cr0
    00860c  and     eax, 0x7FFFFFFF
    008611  mov     cr0, eax
    008614  mov     ecx, 0xC0000080
    008619  rdmsr
    00861b  and     eax, 0xFFFFFEFF
    008620  wrmsr
    008622  mov     eax, [0x9074]
    008627  mov     cr4, eax
    00862a  jmp     0x0020:0x00008660

leave-16:
    008660  mov     ax, 0x28
    008663  mov     ds, ax
    008665  mov     es, ax
    008667  mov     fs, ax
    008669  mov     gs, ax
    00866b  mov     ss, ax
    00866d  mov     eax, [0x9070]
    008671  mov     cr0, eax
    008674  jmp     0:0x86A0

real-16:
    0086a0  xor     ax, ax
    0086a2  mov     ds, ax
    0086a4  mov     fs, ax
    0086a6  mov     gs, ax
    0086a8  mov     ss, ax
    0086aa  mov     sp, 0x7C00
    0086ad  lidt    [0x9058]
    0086b2  mov     es, [0x9118]
    0086b6  mov     ebx, [0x9104]
    0086bb  mov     ecx, [0x9108]
    0086c0  mov     edx, [0x910C]
    0086c5  mov     esi, [0x9110]
    0086ca  mov     edi, [0x9114]
    0086cf  mov     eax, [0x9100]
    0086d3  mov     ds, [0x911A]
    0086d7  cld
    0086d8  sti
    0086d9  pushf
    0086da  cli
    0086db  call    far [cs:0x9080]
    0086e0  cli
    0086e1  cld
    0086e2  mov     [cs:0x9100], eax
    0086e7  mov     [cs:0x9104], ebx
    0086ed  mov     [cs:0x9108], ecx
    0086f3  mov     [cs:0x910C], edx
    0086f9  mov     [cs:0x9110], esi
    0086ff  mov     [cs:0x9114], edi
    008705  mov     [cs:0x9118], es
    00870a  mov     [cs:0x911A], ds
    00870f  pushfd
    008711  pop     eax
    008713  mov     [cs:0x911C], eax
    008718  xor     ax, ax
    00871a  mov     ds, ax
    00871c  jmp     0x8140

