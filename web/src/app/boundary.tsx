import { Component, type ReactNode } from 'react'

interface BoundaryProps {
  readonly children: ReactNode
  /** Drawing is tried again when this is another. */
  readonly of: unknown
  /** What is shown instead of what could not be drawn. */
  readonly fallback: (message: string) => ReactNode
}

interface BoundaryState {
  readonly message: string | undefined
}

/** Keeps a fault in drawing one part from taking the page away. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { message: error instanceof Error ? error.message : String(error) }
  }

  override state: BoundaryState = { message: undefined }

  override componentDidUpdate(before: BoundaryProps): void {
    if (before.of !== this.props.of && this.state.message !== undefined) this.setState({ message: undefined })
  }

  override render(): ReactNode {
    return this.state.message === undefined ? this.props.children : this.props.fallback(this.state.message)
  }
}
