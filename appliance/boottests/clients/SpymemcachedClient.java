import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.spy.memcached.AddrUtil;
import net.spy.memcached.CASResponse;
import net.spy.memcached.CASValue;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.ConnectionFactoryBuilder.Protocol;
import net.spy.memcached.MemcachedClient;

/** What an application does through spymemcached. Arguments: host port [binary]. Exits with 0 when all was right. */
public final class SpymemcachedClient {
    private final MemcachedClient mc;
    private final boolean isBinary;

    private SpymemcachedClient(MemcachedClient mc, boolean isBinary) {
        this.mc = mc;
        this.isBinary = isBinary;
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SunLogger");
        Logger.getLogger("net.spy.memcached").setLevel(Level.WARNING);
        boolean isBinary = arguments.length > 2;
        MemcachedClient mc = new MemcachedClient(
            new ConnectionFactoryBuilder().setProtocol(isBinary ? Protocol.BINARY : Protocol.TEXT)
                .setOpTimeout(20_000).build(),
            AddrUtil.getAddresses(arguments[0] + ":" + arguments[1]));
        try {
            new SpymemcachedClient(mc, isBinary).run();
        } catch (IllegalStateException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
        } finally {
            mc.shutdown();
        }
    }

    private static void equal(String what, Object actual, Object expected) {
        if (!Objects.deepEquals(actual, expected)) {
            throw new IllegalStateException(what + ": expected " + expected + ", got " + actual);
        }
    }

    private void run() throws Exception {
        equal("flush_all first", mc.flush().get(), true);
        values();
        storage();
        many();
        expiry();
        administration();
    }

    private void values() throws Exception {
        byte[] everyByte = new byte[1024];
        for (int i = 0; i < everyByte.length; i++) everyByte[i] = (byte) i;
        Map<String, Object> things = new HashMap<>();
        things.put("text", "Grüße, ☃");
        things.put("number", 42);
        things.put("long", 1L << 40);
        things.put("list", List.of(1, "a"));
        things.put("bytes", everyByte);
        things.put("odd", "\r\nEND\r\nVALUE x 0 1\r\n");
        for (Map.Entry<String, Object> thing : things.entrySet()) {
            equal("set " + thing.getKey(), mc.set(thing.getKey(), 300, thing.getValue()).get(), true);
            equal("get " + thing.getKey(), mc.get(thing.getKey()), thing.getValue());
        }
        equal("a miss", mc.get("missing"), null);
        equal("set a key of 250 bytes", mc.set("k".repeat(250), 0, "v").get(), true);
        equal("a key of 250 bytes", mc.get("k".repeat(250)), "v");
        for (int size : new int[] {1, 1460, 65_536, 1_000_000}) {
            byte[] value = new byte[size];
            new Random(size).nextBytes(value);
            equal("set " + size, mc.set("sized", 300, value).get(), true);
            equal("get " + size, mc.get("sized"), value);
        }
        String packed = "compress me ".repeat(100_000);
        equal("set compressed", mc.set("packed", 300, packed).get(), true);
        equal("compressed", mc.get("packed"), packed);
    }

    private void storage() throws Exception {
        equal("add", mc.add("a", 300, "1").get(), true);
        equal("add over it", mc.add("a", 300, "2").get(), false);
        equal("replace", mc.replace("a", 300, "3").get(), true);
        equal("replace of nothing", mc.replace("b", 300, "3").get(), false);
        equal("append", mc.append("a", "4").get(), true);
        equal("prepend", mc.prepend("a", "2").get(), true);
        equal("append and prepend", mc.get("a"), "234");
        equal("delete", mc.delete("a").get(), true);
        equal("delete again", mc.delete("a").get(), false);
        equal("set n", mc.set("n", 300, "10").get(), true);
        equal("incr", mc.incr("n", 5), 15L);
        equal("decr", mc.decr("n", 7), 8L);
        equal("incr of nothing", mc.incr("missing", 1), -1L);
        equal("incr with a default", mc.incr("begun", 1, 100L), 100L);
        equal("incr of what has begun", mc.incr("begun", 1, 100L), 101L);
        CASValue<Object> unique = mc.gets("n");
        equal("cas", mc.cas("n", unique.getCas(), "new"), CASResponse.OK);
        equal("cas too late", mc.cas("n", unique.getCas(), "newer"), CASResponse.EXISTS);
        equal("after cas", mc.get("n"), "new");
    }

    private void many() throws Exception {
        Map<String, Future<Boolean>> sets = new HashMap<>();
        for (int i = 0; i < 500; i++) sets.put("many-" + i, mc.set("many-" + i, 300, "value of " + i));
        for (Map.Entry<String, Future<Boolean>> set : sets.entrySet()) equal(set.getKey(), set.getValue().get(), true);
        Collection<String> keys = new ArrayList<>(sets.keySet());
        keys.add("missing");
        Map<String, Object> values = mc.getBulk(keys);
        equal("getBulk", values.size(), 500);
        for (int i = 0; i < 500; i++) equal("many-" + i, values.get("many-" + i), "value of " + i);
    }

    private void expiry() throws Exception {
        equal("set with expiry", mc.set("short", 2, "v").get(), true);
        equal("set to be touched", mc.set("touched", 2, "v").get(), true);
        equal("set for gat", mc.set("gotten", 2, "v").get(), true);
        equal("touch", mc.touch("touched", 100).get(), true);
        if (isBinary) equal("gat", mc.getAndTouch("gotten", 100).getValue(), "v");
        equal("before expiry", mc.get("short"), "v");
        Thread.sleep(3200);
        equal("after expiry", mc.get("short"), null);
        equal("after touch", mc.get("touched"), "v");
        if (isBinary) equal("after gat", mc.get("gotten"), "v");
    }

    private void administration() throws Exception {
        equal("version", mc.getVersions().values().iterator().next().startsWith("1.6."), true);
        Map<String, String> stats = mc.getStats().values().iterator().next();
        equal("stats", Integer.parseInt(stats.get("curr_items")) > 500, true);
        equal("stats settings", mc.getStats("settings").values().iterator().next().get("item_size_max"), "1048576");
        equal("flush_all", mc.flush().get(), true);
        equal("after flush_all", mc.get("text"), null);
    }
}
