// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Logging

@c @implementation
public func sterna_take_message(_ text: UnsafeMutablePointer<CChar>!, _ size: Int) -> Int32 {
  guard let text, size > 0, let message = MessageQueue.shared.take() else { return 0 }
  let bytes = message.text.utf8.prefix(size - 1)
  for (position, byte) in bytes.enumerated() { text[position] = CChar(bitPattern: byte) }
  text[bytes.count] = 0
  return message.level >= .error ? 40 : 30
}
