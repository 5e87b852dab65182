// page.S -- page.html as it is, for html.c.
    .section .rodata
    .globl step_page
    .hidden step_page
    .globl step_page_end
    .hidden step_page_end
step_page:
    .incbin "src/cli/step/page.html"
step_page_end:
    .section .note.GNU-stack, "", %progbits
