import ArgumentParser

struct CompletionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print a shell's completion script.",
    discussion: """
      Examples:
        source <(sterna completion bash)
        sterna completion zsh > ~/.zsh/completions/_sterna
        sterna completion fish > ~/.config/fish/completions/sterna.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var completionShell: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "The shell.") var shell: Shell

  func run() async throws {
    try await StandardOutput.write(SternaCommand.completionScript(for: shell.completionShell) + "\n")
  }
}
