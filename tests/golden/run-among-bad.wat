;;! weft run --among 3-2 --invoke main %
(module)
;;2 error: --among wants functions, such as 12 or 10-20
;;status 2
