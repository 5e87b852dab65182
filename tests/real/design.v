// design.v -- a small design for Yosys: a multiplier that adds up, a state machine and a memory.
module design(input clk, input reset, input [11:0] a, b, input [3:0] address, output reg [27:0] sum,
              output reg [1:0] state, output [7:0] data);
  localparam IDLE = 0, LOAD = 1, WORK = 2, DONE = 3;
  reg [7:0] memory [0:15];
  reg [4:0] count;
  assign data = memory[address];
  always @(posedge clk)
    if (reset) begin
      state <= IDLE;
      count <= 0;
      sum <= 0;
    end else case (state)
      IDLE: if (a != 0) state <= LOAD;
      LOAD: begin
        memory[count[3:0]] <= a[7:0] ^ b[11:4];
        count <= count + 1;
        if (count == 15) state <= WORK;
      end
      WORK: begin
        sum <= sum + a * b;
        if (sum > 28'd1000000) state <= DONE;
      end
      DONE: if (b == 12'hfff) state <= IDLE;
    endcase
endmodule
