import type { Program, ResolvedPlaces } from "@leanconv/gemm";
import type { KernelModules } from "../instantiate.ts";
import type { Tile } from "../tile.ts";

/** What the threads are told. Heaps and programs have numbers. */
export type ThreadMessage = HeapMessage | DropMessage | BindMessage | LeadMessage;

/** A new heap: every thread puts the kernels on its memory. */
export interface HeapMessage {
  readonly kind: "heap";
  readonly heap: number;
  readonly memory: WebAssembly.Memory;
  readonly modules: KernelModules;
  readonly tile: Tile;
  /** Where its job block lies. */
  readonly jobBlock: number;
  /** What the threads of a provider need besides. */
  readonly setup: unknown;
}

/** A heap was disposed; its programs go with it. */
export interface DropMessage {
  readonly kind: "drop";
  readonly heap: number;
}

/** A program, where its operands are, and where the first thread has written its kernels' tables. */
export interface BindMessage {
  readonly kind: "bind";
  readonly heap: number;
  readonly id: number;
  readonly program: Program;
  readonly places: ResolvedPlaces;
  readonly tables: readonly number[];
}

/** Run a program as its leader, on this thread and those behind it. */
export interface LeadMessage {
  readonly kind: "lead";
  readonly heap: number;
  readonly id: number;
  readonly progress: boolean;
}

/** Phases done, on the way. */
export type LeadNews = number;
export type LeadResult = "done" | "stopped";
