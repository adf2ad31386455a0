import CSterna
import Logging
import Testing

@testable import SternaC

/// Messages wait for whoever asks.
@Suite struct MessageTests {
  @Test func aStoreWithSecretsInItsAddressIsWarnedOfOnce() async throws {
    try await inThread {
      let opening = sterna_store_open("s3://localhost:bucket?access=name&secret=hidden", nil)
      #expect(sterna_operation_wait(opening, -1) == 1)
      sterna_store_free(sterna_operation_take_store(opening))
      sterna_operation_free(opening)
      var found: [String] = []
      var text = [CChar](repeating: 1, count: 256)
      while sterna_take_message(&text, text.count) != 0 {
        found.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
      #expect(found.contains { $0.hasPrefix("Secrets in a URI") })
      #expect(!found.contains { $0.contains("hidden") })
      #expect(sterna_take_message(&text, text.count) == 0)
      #expect(sterna_take_message(nil, 0) == 0)
    }
  }

  @Test func theOldestGiveWayAndAreCounted() {
    let queue = MessageQueue()
    for number in 0..<300 { queue.add(.init(level: .warning, text: "\(number)")) }
    #expect(queue.take()?.text == "44 messages before this one were not taken")
    #expect(queue.take()?.text == "44")
    for number in 45..<300 { #expect(queue.take()?.text == "\(number)") }
    #expect(queue.take() == nil)
  }
}
