// What a program in a real sandbox cannot do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/executor/testing/engine_fixture.hpp"

namespace podium::executor {
namespace {

using nlohmann::json;

constexpr auto kProbe = R"(
import ctypes, errno, json, os, socket, subprocess

def attempt(act):
    try:
        act()
        return "done"
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))
    except Exception as error:
        return type(error).__name__

def status(name):
    for line in open("/proc/self/status"):
        if line.startswith(name + ":"):
            return line.split()[1]

def connect(family, address):
    client = socket.socket(family, socket.SOCK_STREAM)
    client.settimeout(2)
    client.connect(address)

libc = ctypes.CDLL(None, use_errno=True)

def mount():
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")

def unshare():
    if libc.unshare(0x10000000) != 0:
        raise OSError(ctypes.get_errno(), "unshare")

sockets = []
for folder, _, names in os.walk("/"):
    if folder.startswith(("/proc", "/sys")): continue
    sockets += [n for n in names if n.endswith(".sock")]

print(json.dumps({
    "uid": os.getuid(),
    "capabilities": [status("CapEff"), status("CapBnd"), status("CapPrm")],
    "no_new_privileges": status("NoNewPrivs"),
    "seccomp": status("Seccomp"),
    "interfaces": sorted(os.listdir("/sys/class/net")),
    "metadata": attempt(lambda: connect(socket.AF_INET, ("169.254.169.254", 80))),
    "ipv6": attempt(lambda: connect(socket.AF_INET6, ("2001:db8::1", 80))),
    "names": attempt(lambda: socket.getaddrinfo("example.org", 80)),
    "vsock": attempt(lambda: socket.socket(40, socket.SOCK_STREAM)),
    "netlink": attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    "packet": attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
    "mount": attempt(mount),
    "user_namespace": attempt(unshare),
    "write_root": attempt(lambda: open("/etc/own", "w")),
    "write_data": attempt(lambda: open("/kaggle/input/tiny/train.csv", "a")),
    "write_code": attempt(lambda: open("/kaggle/code/solution.py", "a")),
    "device": attempt(lambda: os.mknod("node", 0o600 | 0o020000, os.makedev(1, 3))),
    "pipe": attempt(lambda: os.mkfifo("pipe")),
    "environment": sorted(os.environ),
    "input": sorted(os.listdir("/kaggle/input")),
    "data": sorted(os.listdir("/kaggle/input/tiny")),
    "sockets": sockets,
}))
)";

class SandboxWalls : public fakes::EngineTest {
 protected:
  json probe() {
    const auto executed = run(kProbe);
    const auto log = log_of(executed);
    const auto found = json::parse(log, nullptr, false);
    EXPECT_TRUE(found.is_object()) << log;
    return found;
  }
};

TEST_F(SandboxWalls, HoldAProgramIn) {
  const auto found = probe();
  ASSERT_TRUE(found.is_object());
  EXPECT_EQ(found["uid"], 10001);
  for (const auto& capabilities : found["capabilities"]) {
    EXPECT_EQ(capabilities, "0000000000000000");
  }
  EXPECT_EQ(found["no_new_privileges"], "1");
  EXPECT_EQ(found["seccomp"], "2");
  EXPECT_EQ(found["interfaces"], json::array({"lo"}));
  EXPECT_EQ(found["metadata"], "ENETUNREACH");
  EXPECT_NE(found["ipv6"], "done");
  EXPECT_NE(found["names"], "done");
  for (const auto* family : {"vsock", "netlink", "packet"}) {
    EXPECT_EQ(found[family], "EAFNOSUPPORT") << family;
  }
  EXPECT_EQ(found["mount"], "EPERM");
  EXPECT_EQ(found["user_namespace"], "EPERM");
  EXPECT_EQ(found["write_root"], "EROFS");
  EXPECT_NE(found["write_data"], "done");
  EXPECT_NE(found["write_code"], "done");
  EXPECT_EQ(found["device"], "EPERM");
  EXPECT_EQ(found["pipe"], "EPERM");
  EXPECT_EQ(found["sockets"], json::array());
}

TEST_F(SandboxWalls, ShowAProgramItsDataAndNothingElse) {
  const auto found = probe();
  ASSERT_TRUE(found.is_object());
  EXPECT_EQ(found["input"], json::array({"tiny"}));
  EXPECT_EQ(found["data"],
            json::array({"sample_submission.csv", "stack.txt", "test.csv", "train.csv"}));
  for (const auto& name : found["environment"]) {
    EXPECT_FALSE(name.get<std::string>().starts_with("NATS")) << name;
    EXPECT_FALSE(name.get<std::string>().starts_with("DOCKER")) << name;
    EXPECT_FALSE(name.get<std::string>().contains("TOKEN")) << name;
  }
}

TEST_F(SandboxWalls, AreCheckedBeforeTheFirstRun) {
  auto without_image = options();
  without_image.image = "podium-no-such-image:dev";
  DockerSandboxRuntime missing{without_image};
  const auto found = missing.self_check();
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code->name, "SANDBOX_UNAVAILABLE");
  EXPECT_THAT(found.error().detail, ::testing::HasSubstr("podium-no-such-image"));

  auto broken_profile = options();
  broken_profile.seccomp_profile = R"({"defaultAction":"SCMP_ACT_NONSENSE"})";
  DockerSandboxRuntime refused{broken_profile};
  EXPECT_FALSE(refused.self_check().has_value());
}

}  // namespace
}  // namespace podium::executor
