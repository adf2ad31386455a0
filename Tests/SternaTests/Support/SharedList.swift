import Synchronization

/// Hands out its elements one by one to whoever asks.
final class SharedList<Element: Sendable>: Sendable {
  private let rest: Mutex<[Element]>

  init(_ elements: [Element]) { rest = Mutex(elements.reversed()) }

  func next() -> Element? { rest.withLock { $0.popLast() } }
}
