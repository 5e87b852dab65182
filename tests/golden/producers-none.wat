;;! weft inspect --section producers
(module (@producers))
;;= custom section "producers": at 0x8, 1 bytes from 0x14
;;=       0x14  00                                                .
