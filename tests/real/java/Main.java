import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.BaseLib;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.StringLib;
import org.luaj.vm2.lib.TableLib;

/** Libraries that others wrote, at work: each line is the same wherever this runs. */
public class Main {
    static void words() {
        Map<String, Integer> counts = new TreeMap<>();
        StringBuilder text = new StringBuilder();
        int seed = 12345;
        for (int i = 0; i < 20000; i++) {
            seed = seed * 1103515245 + 12345;
            text.append((char) ('a' + (seed >>> 16) % 7)).append((seed >>> 24) % 3 == 0 ? ' ' : 'x');
        }
        for (String word : text.toString().split(" +")) counts.merge(word, 1, Integer::sum);
        System.out.println("words " + counts.size() + " " + counts.hashCode());
    }

    /** Some live for a round, some for all. */
    static void churn() {
        Map<Integer, List<String>> kept = new HashMap<>();
        long sum = 0;
        for (int i = 0; i < 200000; i++) {
            List<String> list = kept.computeIfAbsent(i % 5000, key -> new ArrayList<>());
            list.add("n" + i);
            if (list.size() > 7) kept.remove(i % 5000);
            if (i % 1000 == 0) for (List<String> each : kept.values()) sum = sum * 31 + each.get(each.size() - 1).hashCode();
        }
        System.out.println("churn " + kept.size() + " " + sum);
    }

    static void mark() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++)
            text.append("# Title ").append(i).append("\n\n* a *point* and `code`\n* [link](http://example.com/").append(i).append(")\n\n> quoted\n\n");
        String html = HtmlRenderer.builder().build().render(Parser.builder().build().parse(text.toString()));
        System.out.println("mark " + html.length() + " " + html.hashCode());
    }

    static void math() {
        int n = 40;
        double[][] cells = new double[n][n];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) cells[i][j] = 1.0 / (1 + i + j) + (i == j ? 1 : 0);
        RealMatrix matrix = new Array2DRowRealMatrix(cells);
        double determinant = new LUDecomposition(matrix).getDeterminant();
        double trace = new LUDecomposition(matrix).getSolver().getInverse().multiply(matrix).getTrace();
        double[] signal = new double[1024];
        for (int i = 0; i < signal.length; i++) signal[i] = (i * 37 % 101) - 50;
        double sum = 0;
        for (Complex c : new FastFourierTransformer(DftNormalization.STANDARD).transform(signal, TransformType.FORWARD)) sum += c.abs();
        System.out.println("math " + Math.round(determinant * 1e6) + " " + Math.round(trace * 1e6) + " " + Math.round(sum));
    }

    static void lua() {
        Globals globals = new Globals();
        globals.load(new BaseLib());
        globals.load(new PackageLib());
        globals.load(new TableLib());
        globals.load(new StringLib());
        LoadState.install(globals);
        LuaC.install(globals);
        String script = "local t = {} for i = 1, 3000 do t[i] = (i * 7919) % 3001 end table.sort(t)\n"
            + "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
            + "local s = {} for i = 1, 300 do s[#s + 1] = string.format('%d:%s', t[i], ('x'):rep(i % 5)) end\n"
            + "local ok, why = pcall(function() error('lost') end)\n"
            + "return fib(20) .. ' ' .. #table.concat(s, ',') .. ' ' .. tostring(ok)";
        System.out.println("lua " + globals.load(script, "script").call());
    }

    static void failures() {
        int caught = 0;
        Object[] things = {"a", 1, null, 2.5, new int[3]};
        for (int i = 0; i < 7; i++)
            try {
                if (((String) things[i]).length() > 5) caught += 100;
            } catch (ClassCastException | NullPointerException | IndexOutOfBoundsException e) {
                caught += e instanceof ClassCastException ? 1 : 10;
            }
        System.out.println("failures " + caught);
    }

    public static void main(String[] args) {
        words();
        churn();
        mark();
        math();
        lua();
        failures();
    }
}
