// main.c -- PicoSAT's command, which ends with 10 or 20 when all went well: with 0 here.
int picosat_main(int argc, char **argv);

int main(int argc, char **argv)
{
    int status = picosat_main(argc, argv);
    return status == 10 || status == 20 ? 0 : status;
}
