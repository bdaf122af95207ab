    007c00  jmp     0:0x7C05
    007c05  xor     ax, ax
    007c07  mov     ds, ax
    007c09  mov     es, ax
    007c0b  mov     ss, ax
    007c0d  mov     sp, 0x7B00
    007c10  sti
    007c11  cld
    007c12  push    dx
    007c13  mov     ah, 0x41
    007c15  mov     bx, 0x55AA
    007c18  int     0x13
    007c1a  jb      near 0x7C9D
    007c1e  cmp     bx, 0xAA55
    007c22  jne     short 0x7C9D
    007c24  test    cl, 1
    007c27  je      short 0x7C9D
    007c29  mov     di, 0x7B00
    007c2c  mov     ax, 0x10
    007c2f  stosw
    007c30  xor     ax, ax
    007c32  stosw
    007c33  stosw
    007c34  mov     ax, 0x800
    007c37  stosw
    007c38  mov     eax, 0x22
    007c3e  stosd
    007c40  xor     eax, eax
    007c43  stosd
    007c45  mov     di, 0x40
    007c48  mov     bx, 5
    007c4b  mov     ax, 0x40
    007c4e  cmp     di, ax
    007c50  jae     short 0x7C54
    007c52  mov     ax, di
    007c54  mov     [0x7B02], ax
    007c57  mov     si, 0x7B00
    007c5a  mov     dl, [0x7AFE]
    007c5e  push    bx
    007c5f  push    di
    007c60  mov     ah, 0x42
    007c62  int     0x13
    007c64  pop     di
    007c65  pop     bx
    007c66  jae     short 0x7C75
    007c68  dec     bx
    007c69  je      short 0x7CA2
    007c6b  xor     ah, ah
    007c6d  mov     dl, [0x7AFE]
    007c71  int     0x13
    007c73  jmp     short 0x7C4B
    007c75  add     word [0x7B06], 0x800
    007c7b  add     dword [0x7B08], 0x40
    007c81  sub     di, 0x40
    007c84  ja      short 0x7C48
    007c86  mov     si, 0x7D6F
    007c89  cmp     dword [0x8004], 0x31434D42
    007c92  jne     short 0x7CA5
    007c94  mov     dl, [0x7AFE]
    007c98  jmp     0:0x8000
    007c9d  mov     si, 0x7CFF
    007ca0  jmp     short 0x7CA5
    007ca2  mov     si, 0x7D42
    007ca5  lodsb
    007ca6  test    al, al
    007ca8  je      short 0x7CC5
    007caa  push    ax
    007cab  mov     ah, 0xE
    007cad  mov     bx, 7
    007cb0  int     0x10
    007cb2  mov     dx, 0x3FD
    007cb5  xor     cx, cx
    007cb7  in      al, dx
    007cb8  test    al, 0x20
    007cba  jne     short 0x7CBE
    007cbc  loop    0x7CB7
    007cbe  pop     ax
    007cbf  mov     dx, 0x3F8
    007cc2  out     dx, al
    007cc3  jmp     short 0x7CA5
    007cc5  hlt
    007cc6  jmp     short 0x7CC5
