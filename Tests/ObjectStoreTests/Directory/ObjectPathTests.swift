import SternaBase
import TestSupport
import Testing

@testable import ObjectStore

@Suite struct ObjectPathTests {
  @Test(
    "Paths are what the drawing says",
    arguments: [
      ("ticks/refs/3f/SPY", "ticks/refs/3f/SPY@"), ("a//b", "a/%/b@"), ("a/", "a/%@"), ("..", "%2E.@"),
      ("/", "%/%@"), (".sterna/locks/00", "%2Esterna/locks/00@"), ("\u{e9} %", "%C3%A9%20%25@"),
      (
        String(repeating: "x", count: 100) + "/x",
        String(repeating: "x", count: 80) + "+/" + String(repeating: "x", count: 20) + "/x@"
      ),
      (String(repeating: "x", count: 80), String(repeating: "x", count: 80) + "+/%@"),
    ])
  func examples(key: String, path: String) {
    #expect(ObjectPath(KeyBytes(key)).path == path)
  }

  @Test(
    "Every path leads back to its key, so no two keys share one; no name is a dot, too long or reserved"
  )
  func pathsAreInjective() throws {
    var keys: [[UInt8]] = []
    var last: [[UInt8]] = [[]]
    for _ in 0..<5 {
      last = last.flatMap { key in "/.a%@".utf8.map { key + [$0] } }
      keys += last
    }
    let seed: UInt64 = 21
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let length = Int.random(in: 60...700, using: &random)
      keys.append((0..<length).map { _ in Int.random(in: 0..<120, using: &random) == 0 ? 0x2F : 0x78 })
    }
    for key in keys {
      let path = ObjectPath(KeyBytes(key))
      #expect(try decode(path) == key, "\(path.path), seed \(seed)")
      for name in path.folders + [path.file] { #expect(name.utf8.count <= 241 && !name.hasPrefix(".")) }
    }
  }

  @Test(
    "The path of the longest key is below the system's 4,096 bytes",
    arguments: ["/", "x", "\u{1}", "\u{1}/"])
  func longestPath(text: String) {
    let bytes = (0..<KeyBytes.byteCountMax).map { Array(text.utf8)[$0 % text.utf8.count] }
    #expect(ObjectPath(KeyBytes(bytes)).path.utf8.count < 4_000)
  }

  @Test(
    "Names that no key has are no entries",
    arguments: [
      ".sterna", ".", "", "@", "+", "a+", "a@@", "%%", "%4", "%61", "%2e@", "a b", "A\u{301}", "%2F@",
    ])
  func foreignNames(name: String) {
    #expect(FolderEntry(name: name, base: KeyBytes("")) == nil)
  }

  private func decode(_ path: ObjectPath) throws -> [UInt8] {
    var key = KeyBytes("")
    for name in path.folders {
      let entry = try #require(FolderEntry(name: name, base: key), "\(name)")
      #expect(!entry.isObject)
      key = entry.keys
    }
    let entry = try #require(FolderEntry(name: path.file, base: key), "\(path.file)")
    #expect(entry.isObject)
    return entry.keys.bytes
  }
}
